import Foundation

/// The checkout that the tests were built from.
package enum Project {
    /// The absolute path of the folder of Package.swift.
    package static let root: String = {
        var folder = URL(fileURLWithPath: #filePath)
        repeat {
            folder.deleteLastPathComponent()
        } while folder.path != "/"
            && !FileManager.default.fileExists(atPath: folder.path + "/Package.swift")
        return folder.path
    }()
}
