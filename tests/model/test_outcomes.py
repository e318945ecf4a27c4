"""Every way in which a call can end has its own outcome, over real HTTP."""

import socket
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal

import pytest

from edge.model.answers import ReplyAnswer, parse
from edge.model.client import OpenAIModel, from_double
from edge.model.double import Mode, ModelDouble
from edge.model.prices import cost, worst_case
from edge.ports import ModelCall, ModelOutcome
from schema.errors import BadSettings


async def test_a_good_answer_fits_the_shape_and_is_priced_by_usage(
    model: OpenAIModel, call: ModelCall
) -> None:
    answer = await model.ask(call)

    assert answer.outcome is ModelOutcome.OK
    assert isinstance(parse(ReplyAnswer, answer.text), ReplyAnswer)
    assert answer.cost_usd == cost(call.model, answer.prompt_tokens, answer.completion_tokens)
    assert Decimal(0) < answer.cost_usd <= worst_case(call)
    assert from_double(answer)


@pytest.mark.parametrize(
    ("mode", "ended"),
    [
        (Mode.INSUFFICIENT_QUOTA, (ModelOutcome.INSUFFICIENT_QUOTA, "http 429 insufficient_quota")),
        (Mode.RATE_LIMITED, (ModelOutcome.RATE_LIMITED, "http 429 rate_limit_exceeded")),
        (Mode.UNAUTHORIZED, (ModelOutcome.UNAUTHORIZED, "http 401 invalid_api_key")),
        (Mode.SERVER_ERROR, (ModelOutcome.SERVER_ERROR, "http 500 server_error")),
        (Mode.GARBAGE, (ModelOutcome.BAD_ANSWER, "the body is not a JSON object")),
        (Mode.EMPTY, (ModelOutcome.BAD_ANSWER, "no choice in the answer")),
        (Mode.LENGTH, (ModelOutcome.BAD_ANSWER, "the answer was cut at the token limit")),
        (Mode.CUT, (ModelOutcome.BAD_ANSWER, "the connection ended inside the body")),
        (Mode.OVERSIZE, (ModelOutcome.BAD_ANSWER, "the body is larger than 1000000 bytes")),
        (Mode.REFUSAL, (ModelOutcome.REFUSED, "the model refused")),
    ],
)
async def test_every_failure_has_its_outcome_and_no_text(
    mode: Mode,
    ended: tuple[ModelOutcome, str],
    double: ModelDouble,
    model: OpenAIModel,
    call: ModelCall,
) -> None:
    double.behave(mode)

    answer = await model.ask(call)

    assert (answer.outcome, answer.detail) == ended
    assert answer.text == ""


async def test_a_slow_answer_is_a_timeout_that_costs_the_worst_case(
    double: ModelDouble, model: OpenAIModel, call: ModelCall
) -> None:
    double.behave(Mode.SLOW, delay_s=60)
    hurried = replace(call, timeout_s=0.2)

    answer = await model.ask(hurried)

    assert answer.outcome is ModelOutcome.TIMEOUT
    assert answer.cost_usd == worst_case(hurried)


async def test_nobody_listening_is_unreachable_and_free(call: ModelCall) -> None:
    with socket.socket() as bound:  # bound and not listening: the port refuses
        bound.bind(("127.0.0.1", 0))
        model = OpenAIModel(api_key="", base_url=f"http://127.0.0.1:{bound.getsockname()[1]}/v1")
        answer = await model.ask(call)
        await model.close()

    assert (answer.outcome, answer.cost_usd) == (ModelOutcome.UNREACHABLE, Decimal(0))


async def test_an_answer_of_another_shape_is_for_parse_to_refuse(
    double: ModelDouble, model: OpenAIModel, call: ModelCall
) -> None:
    double.behave(Mode.WRONG_SCHEMA)

    answer = await model.ask(call)

    assert answer.outcome is ModelOutcome.OK
    assert isinstance(parse(ReplyAnswer, answer.text), str)


async def test_an_answer_without_usage_costs_the_worst_case(
    double: ModelDouble, model: OpenAIModel, call: ModelCall
) -> None:
    double.behave(Mode.NO_USAGE)

    assert (await model.ask(call)).cost_usd == worst_case(call)


@pytest.mark.parametrize("mode", [Mode.RATE_LIMITED, Mode.SERVER_ERROR, Mode.CUT])
async def test_nothing_is_tried_twice(
    mode: Mode, double: ModelDouble, model: OpenAIModel, call: ModelCall
) -> None:
    double.behave(mode, times=1)

    await model.ask(call)

    assert len(double.calls) == 1


async def test_good_behaviour_returns_after_the_times(
    double: ModelDouble, model: OpenAIModel, call: ModelCall
) -> None:
    double.behave(Mode.SERVER_ERROR, times=2)

    outcomes = [(await model.ask(call)).outcome for _ in range(3)]

    assert outcomes == [ModelOutcome.SERVER_ERROR, ModelOutcome.SERVER_ERROR, ModelOutcome.OK]


async def test_a_family_that_reasons_is_not_sampled(
    double: ModelDouble, model: OpenAIModel, call: ModelCall
) -> None:
    await model.ask(call)
    await model.ask(replace(call, model="gpt-5-mini", seed=4))

    plain, reasoning = (asked["limits"] for asked in double.calls)
    assert plain == {"max_tokens": 300, "temperature": 0.8, "top_p": 1.0}
    assert reasoning == {"max_completion_tokens": 300, "seed": 4}


@pytest.mark.parametrize("url", ["", "ftp://127.0.0.1", "127.0.0.1:80", "http://", "http://[x"])
def test_an_address_that_is_none_is_refused_at_once(url: str) -> None:
    with pytest.raises(BadSettings):
        OpenAIModel(api_key="", base_url=url)


def test_importing_the_client_loads_neither_openai_nor_http() -> None:
    check = "import sys, edge.model.client; print({'openai', 'httpx2'} & set(sys.modules))"

    ran = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)

    assert ran.stdout.strip() == "set()"
