internal import CUnix

/// Lets the disk begin to write what was written to a file, so that two files can be waited for
/// together.
package func startWriteback(_ descriptor: Int32) { hector_start_writing(descriptor) }
