import Glibc

/// Whether a name matches a pattern of the shell's: fnmatch(3).
package func matches(_ name: String, glob: String) -> Bool { fnmatch(glob, name, 0) == 0 }
