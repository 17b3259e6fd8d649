import Glibc

/// Lets other threads run for a moment.
package func yieldThread() { usleep(200) }
