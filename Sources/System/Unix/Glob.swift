import Glibc

/// Returns true if a name matches a shell pattern: fnmatch(3).
package func matches(_ name: String, glob: String) -> Bool { fnmatch(glob, name, 0) == 0 }
