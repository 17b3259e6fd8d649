"""All messages of all kinds of plugin in one module, as the plugin guide imports them."""

from hector.batch_pb2 import *  # noqa: F403
from hector.catalog_pb2 import *  # noqa: F403
from hector.common_pb2 import *  # noqa: F403
from hector.database_pb2 import *  # noqa: F403
from hector.embedder_pb2 import *  # noqa: F403
from hector.llm_pb2 import *  # noqa: F403
from hector.llm_pb2 import GenerateResponse
from hector.reasoning_pb2 import *  # noqa: F403
from hector.reranker_pb2 import *  # noqa: F403
from hector.tool_pb2 import *  # noqa: F403

# The guide's name for it.
LLMResponse = GenerateResponse
