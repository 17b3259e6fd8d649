extension Source {
    /// Returns the documents of the text: none if there are only comments.
    package func documents() throws(YAMLError) -> [Node] {
        var problems: [YAMLError] = []
        let documents = try documents(gathering: &problems)
        if let first = problems.first { throw first }
        return documents
    }

    /// Returns the documents of the text, even after mistakes that leave the rest readable:
    /// duplicate keys, unknown tags, bad merges.
    ///
    /// - Throws: An error that makes the rest of the text unreadable.
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
