"""An OpenAI-compatible server: litellm's proxy from PyPI, with mock models, on a free port.

Prints the port once it listens. Its models need no network: they are litellm's own mocks, behind
the routes, the validation, the streaming and the errors of the real proxy.
"""

import asyncio
import os
import socket
import tempfile

CONFIG = """
model_list:
  - model_name: mock
    litellm_params: {model: openai/mock, api_key: none, mock_response: "Grüße from litellm €😀"}
  - model_name: limited
    litellm_params: {model: openai/limited, api_key: none, mock_response: "litellm.RateLimitError"}
  - model_name: caller
    litellm_params:
      model: openai/caller
      api_key: none
      mock_response: ""
      mock_tool_calls:
        - {id: call_1, type: function, function: {name: weather, arguments: '{"city": "Rome"}'}}
        - {id: call_2, type: function, function: {name: time, arguments: '{}'}}
  - model_name: vectors
    litellm_params: {model: openai/vectors, api_key: none, mock_response: [0.25, -1.5, 3.0]}
  - model_name: reranker
    litellm_params: {model: hosted_vllm/reranker, api_key: none, api_base: UPSTREAM}
litellm_settings: {num_retries: 0, telemetry: false}
router_settings: {num_retries: 0, disable_cooldowns: true}
general_settings: {master_key: sk-litellm-0123456789}
"""


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "config.yaml")
        with open(path, "w", encoding="utf-8") as file:
            # Its rerankers have no mocks, so there is a server behind this one.
            file.write(CONFIG.replace("UPSTREAM", os.environ.get("RERANK_UPSTREAM", "none")))
        os.environ["CONFIG_FILE_PATH"] = path
        os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
        os.environ["DISABLE_ADMIN_UI"] = "True"

        import uvicorn
        from litellm.proxy.proxy_server import app

        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="on"))
        task = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started and not task.done():
            await asyncio.sleep(0.02)
        print(listener.getsockname()[1], flush=True)
        await task


asyncio.run(main())
