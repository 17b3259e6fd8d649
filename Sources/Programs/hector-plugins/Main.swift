import ChainOfThought
import Extraction
import HashEmbedding
import PluginKit
import SystemTools
import VectorStore

/// The built-in plugins that call no server.
@main
enum Main {
    static func main() async {
        await serve(oneOf: [
            ChainOfThoughtStrategy.self, ExtractiveLLM.self, HashEmbedder.self, LocalVectors.self,
            SystemToolsPlugin.self,
        ])
    }
}
