extension Source {
    /// The documents of the text: none if there is nothing but comments.
    package func documents() throws(YAMLError) -> [Node] {
        var problems: [YAMLError] = []
        let documents = try documents(gathering: &problems)
        if let first = problems.first { throw first }
        return documents
    }

    /// The same, going on after mistakes that leave the rest readable:
    /// duplicate keys, unknown tags, bad merges.
    ///
    /// - Throws: What makes the text unreadable from there on.
    package func documents(
        gathering problems: inout [YAMLError]
    ) throws(YAMLError) -> [Node] {
        var composer = Composer(self)
        do {
            let documents = try composer.documents()
            problems += composer.problems
            return documents
        } catch {
            problems += composer.problems
            throw error
        }
    }
}
