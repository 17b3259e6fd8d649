import Anthropic
import MCP
import OpenAI
import PluginKit

/// The built-in plugins that are HTTP clients: libcurl takes a third of the time in which the
/// others start.
@main
enum Main {
    static func main() async {
        await serve(oneOf: [
            AnthropicLLM.self, MCPTools.self, OpenAIEmbedder.self, OpenAILLM.self,
            OpenAIReranker.self,
        ])
    }
}
