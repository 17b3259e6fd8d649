import Unix

/// Where the XDG Base Directory Specification wants a user's data.
func defaultFolder() -> String {
    (BaseDirectories(environment: Environment.current).data ?? "") + "/hector/vectors"
}
