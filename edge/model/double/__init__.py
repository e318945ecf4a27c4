"""A test double for the network's other end: a small OpenAI-compatible server, seeded.

It is no model. It says so in its `server` and `x-double` headers and in the model's name.
"""

from edge.model.double.behaviour import Behaviour, Mode
from edge.model.double.server import ModelDouble

__all__ = ["Behaviour", "Mode", "ModelDouble"]
