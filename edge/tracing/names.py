"""The names in the traces: OpenTelemetry's conventions where there is one, else our own.

No span carries a text: not the post's, not the prompt, not the answer, not an error's message.
"""

from __future__ import annotations

SCOPE = "ghostproof"

# ---- spans

APPEND = "append"
HANDLE = "handle {handler}"
SEND = "send {queue}"
PROCESS = "process {queue}"
CHAT = "chat {model}"
CLICK = "click"

# ---- conventions: db.*, messaging.*, gen_ai.*, http.*, error.*

DB_SYSTEM = "db.system.name"
DB_OPERATION = "db.operation.name"
POSTGRESQL = "postgresql"

MESSAGING_SYSTEM = "messaging.system"
MESSAGING_DESTINATION = "messaging.destination.name"
MESSAGING_OPERATION = "messaging.operation.name"
MESSAGING_TYPE = "messaging.operation.type"
MESSAGE_ID = "messaging.message.id"
BATCH_COUNT = "messaging.batch.message_count"
PGMQ = "pgmq"

GEN_AI_OPERATION = "gen_ai.operation.name"
GEN_AI_PROVIDER = "gen_ai.provider.name"
GEN_AI_REQUEST_MODEL = "gen_ai.request.model"
GEN_AI_TEMPERATURE = "gen_ai.request.temperature"
GEN_AI_TOP_P = "gen_ai.request.top_p"
GEN_AI_MAX_TOKENS = "gen_ai.request.max_tokens"
GEN_AI_RESPONSE_MODEL = "gen_ai.response.model"
GEN_AI_INPUT_TOKENS = "gen_ai.usage.input_tokens"
GEN_AI_OUTPUT_TOKENS = "gen_ai.usage.output_tokens"
OPENAI = "openai"

HTTP_STATUS = "http.response.status_code"
ERROR_TYPE = "error.type"

# ---- our own

ACCOUNT = "ghostproof.account"
ACTOR = "ghostproof.actor"
TYPES = "ghostproof.event.types"
POSITION = "ghostproof.event.position"
REFUSALS = "ghostproof.append.refusals"
READS = "ghostproof.order.reads"
PURPOSE = "ghostproof.model.purpose"
REQUEST_ID = "ghostproof.model.request_id"
COST_USD = "ghostproof.model.cost_usd"
PERMIT_ID = "ghostproof.permit.id"
OBSERVED = "ghostproof.click.observed"
