"""The services of all kinds of plugin in one module, as the plugin guide imports them.

The servicers of the kinds answer the calls that every plugin has; so a class needs only
what makes it a plugin of its kind.
"""

from hector.batch_pb2_grpc import *  # noqa: F403
from hector.catalog_pb2_grpc import *  # noqa: F403
from hector.database_pb2_grpc import *  # noqa: F403
from hector.embedder_pb2_grpc import *  # noqa: F403
from hector.llm_pb2_grpc import *  # noqa: F403
from hector.reasoning_pb2_grpc import *  # noqa: F403
from hector.reranker_pb2_grpc import *  # noqa: F403
from hector.tool_pb2_grpc import *  # noqa: F403

from hector_plugin.plugin import (  # noqa: E402,F401
    DatabaseProviderServicer,
    EmbedderProviderServicer,
    LLMProviderServicer,
    ReasoningStrategyServicer,
    RerankerProviderServicer,
    ToolProviderServicer,
)
