import Text

/// The keys of the original Hector's configuration that have no meaning here, and their
/// replacements.
enum OriginalKeys {
    /// Returns the text that says what to write in place of a key; nil for a key that the original
    /// does not have.
    ///
    /// - Parameter name: The keys that lead to its mapping; empty at the top.
    static func expectation(of key: String, in name: String) -> String? {
        let parts = name.split(separator: ".")
        switch parts.first {
        case nil: return top[key]
        case "agents"?:
            switch parts.last {
            case "prompt"? where parts.count > 2: return prompt[key]
            case "search"? where parts.count > 2: return search[key]
            default: return parts.count > 1 ? agent[key] : nil
            }
        case "plugins"?: return parts.count > 2 ? plugin[key] : nil
        case "document_stores"?: return parts.count > 1 ? store[key] : nil
        default: return nil
        }
    }

    private static let comment = "a comment: it is for people only, and nothing reads it"
    private static let noServer = "nothing: there is no server that it could be for; leave it out"

    private static func entry(_ section: String, _ plugin: String) -> String {
        "an entry under 'plugins: \(section):' with 'path: \(plugin)', "
            + "or another plugin, and its settings under 'config'"
    }

    private static let top = [
        "version": comment, "name": comment, "description": comment, "metadata": comment,
        "global": "nothing: its settings are for a server; "
            + "programs have options in their place, such as --debug, --timeout and --jobs",
        "llms": entry("llm_providers", "openai-llm"),
        "databases": entry("database_providers", "local-vectors"),
        "vector_stores": entry("database_providers", "local-vectors"),
        "embedders": entry("embedder_providers", "openai-embedder"),
        "tools": entry("tool_providers", "system-tools")
            + "; an agent names it under 'tools'",
        "reasoning": "'reasoning_strategy' and 'max_iterations' in the agent",
        "session_stores": "nothing: sessions are files, see 'hector session'; leave it out",
        "server": noServer, "auth": noServer, "a2a_server": noServer, "observability": noServer,
        "rate_limits": noServer,
        "logger": "the option --debug", "logging": "the option --debug",
        "performance": "the options --jobs and --timeout",
    ]

    private static let agent = [
        "visibility": noServer, "a2a": noServer, "security": noServer, "task": noServer,
        "input_modes": noServer, "output_modes": noServer, "skills": noServer,
        "version": comment,
        "reasoning": "'reasoning_strategy: chain-of-thought', or another strategy, for its "
            + "'engine', and 'max_iterations' beside it",
        "memory": "'max_history_messages' or 'max_history_tokens'",
        "type": "nothing: an agent is always run here; leave it out",
        "session_store": "nothing: sessions are files, see 'hector session'; leave it out",
        "docs_folder": "'document_stores', with the name of an entry that has the folder as 'path'",
        "enable_tools": "'tools', with the names of tool providers",
        "mcp_url": "'tools', with the name of a tool provider that has 'path: mcp-tools'",
        "instruction": "'prompt: { system_prompt: … }'",
        "structured_output": "the option --schema of hector-generate",
        "sub_agents": "nothing: an agent starts no others; use pipes of 'hector --agent NAME'",
        "vector_store": "'database'",
    ]

    private static let plugin = [
        "name": "nothing: the entry's own key is the name; leave it out",
        "version": "'checksum' to have only this executable; its version is in its manifest",
        "visibility": noServer,
        "description": comment,
    ]

    private static let store = [
        "name": "nothing: the entry's own key is the name; leave it out",
        "version": comment, "description": comment, "visibility": noServer,
        "source": "'path' for a folder or file, or 'command' for anything else",
        "chunk_size": "'chunk: { size: … }', in characters",
        "chunk_overlap": "'chunk: { overlap: … }', in characters",
        "chunk_strategy": "nothing: documents are cut where they have breaks; leave it out",
        "watch_changes": "the option --watch of hector-index",
        "enable_watch_changes": "the option --watch of hector-index",
        "incremental_indexing":
            "nothing: what has not changed is never indexed again; leave it out",
        "enable_incremental_indexing":
            "nothing: what has not changed is never indexed again; leave it out",
        "vector_store": "'database'",
    ]

    private static let prompt = [
        "include_context": "'document_stores' in the agent, or none for no context",
        "include_history": "'max_history_messages' or 'max_history_tokens' in the agent",
        "include_tools": "'tools' in the agent, or none for no tools",
        "instructions": "'system_prompt'", "full_template": "'system_prompt'",
        "template": "'system_prompt'",
    ]

    private static let search = [
        "models": "'document_stores' in the agent", "threshold": "'min_score'",
        "max_context_length": "'top_k', and 'chunk' in the document store",
    ]
}
