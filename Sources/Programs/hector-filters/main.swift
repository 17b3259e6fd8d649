import EmbedCommand
import GenerateCommand
import PluginCommand
import ReasonCommand
import RerankCommand
import SearchCommand
import ToolCommand
import Unix

// The programs that call plugins.
SharedExecutable.run([
    "hector-embed": runEmbed,
    "hector-generate": runGenerate,
    "hector-plugin": runPlugin,
    "hector-reason": runReason,
    "hector-rerank": runRerank,
    "hector-search": runSearch,
    "hector-tool": runTool,
])
