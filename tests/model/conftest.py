"""What these tests share: a double, a client of it, and one call."""

from collections.abc import AsyncIterator

import pytest

from edge.model.client import OpenAIModel
from edge.model.double import ModelDouble
from edge.model.prompts import reply_prompt
from edge.model.voice import Voice
from edge.ports import ModelCall
from schema.posts import Post

KEY = "sk-canary-0123456789abcdef"


@pytest.fixture
def key() -> str:
    return KEY


@pytest.fixture
def voice() -> Voice:
    return Voice(persona="a friendly baker who repairs bicycles", languages=("en", "de"))


@pytest.fixture
def post() -> Post:
    return Post(
        post_id="7",
        url="http://127.0.0.1/topic/7/",
        author="ada",
        title="Sourdough starter in winter",
        text="How do you keep your sourdough starter alive when the kitchen is cold?",
    )


@pytest.fixture
def call(post: Post, voice: Voice) -> ModelCall:
    return reply_prompt(post, voice).call("decision-1")


@pytest.fixture
async def double() -> AsyncIterator[ModelDouble]:
    running = ModelDouble()
    await running.start()
    yield running
    await running.stop()


@pytest.fixture
async def model(double: ModelDouble) -> AsyncIterator[OpenAIModel]:
    client = OpenAIModel(api_key=KEY, base_url=f"{double.root_url}/v1")
    yield client
    await client.close()
