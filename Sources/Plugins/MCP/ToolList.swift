internal import JSON

/// The tools of the pages that were read so far.
struct ToolList {
    private(set) var tools: [ServerTool] = []
    private var names: Set<String> = []
    private var pages: Set<[String]> = []

    private static let mostTools = 10_000

    /// Adds the tools of a page.
    ///
    /// - Parameters:
    ///   - page: The page's `tools`; null means none.
    ///   - warn: Gets the tools that are left out, with the reasons.
    /// - Throws: An error if there are too many, or it is not a list.
    mutating func add(
        _ page: Value?, mirroring: Bool, _ warn: (String) -> Void
    ) throws(MCPError) {
        guard let page, page.array != nil || page == .null else {
            throw .misbehaved("answered tools/list without a list of tools")
        }
        let entries = page.array ?? []
        // This is the same page again, from a server that ignores the cursor.
        guard pages.insert(entries.map { $0["name"]?.string ?? "" }).inserted else { return }
        for entry in entries {
            let name = entry["name"]?.string ?? ""
            do throws(MalformedMessage) {
                let tool = try ServerTool(entry, mirroring: mirroring)
                if names.insert(tool.name).inserted {
                    tools.append(tool)
                } else {
                    warn("left out tool '\(name)': there is another of that name")
                }
            } catch {
                warn("left out tool '\(name)': \(error.problem)")
            }
        }
        if tools.count > Self.mostTools {
            throw .misbehaved("lists more than \(Self.mostTools) tools")
        }
    }
}
