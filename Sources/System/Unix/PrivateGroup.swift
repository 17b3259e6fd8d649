import Glibc

/// The group that only this process's user is in, as Debian and others make one for each user, so
/// that files may be writable by their group by default (umask 002).
enum PrivateGroup {
    /// The id, or nil if the user's group has another name or other members. Asked once.
    static let id: UInt32? = {
        // More than the longest entry that the files of /etc have by default.
        var buffer = [CChar](repeating: 0, count: 64 * 1024)
        var user = passwd()
        var userFound: UnsafeMutablePointer<passwd>?
        guard getpwuid_r(geteuid(), &user, &buffer, buffer.count, &userFound) == 0,
            userFound != nil
        else { return nil }
        let name = String(cString: user.pw_name)
        let id = user.pw_gid
        var entry = group()
        var groupFound: UnsafeMutablePointer<group>?
        guard getgrgid_r(id, &entry, &buffer, buffer.count, &groupFound) == 0, groupFound != nil
        else { return nil }
        var members: [String] = []
        var next = entry.gr_mem
        while let member = next?.pointee {
            members.append(String(cString: member))
            next = next?.advanced(by: 1)
        }
        return isPrivate(String(cString: entry.gr_name), members, to: name) ? id : nil
    }()

    /// True if a group belongs to one user only, by name and members.
    static func isPrivate(_ group: String, _ members: [String], to user: String) -> Bool {
        group == user && members.allSatisfy { $0 == user }
    }
}
