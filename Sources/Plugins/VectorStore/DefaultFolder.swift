import Unix

/// Returns the place for a user's data according to the XDG Base Directory Specification.
func defaultFolder() -> String {
    (BaseDirectories(environment: Environment.current).data ?? "") + "/hector/vectors"
}
