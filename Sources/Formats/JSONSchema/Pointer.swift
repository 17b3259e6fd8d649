/// The path from the root of a document to one of its parts, as in RFC 6901.
///
/// Pointers share their beginnings, so that those of a deep document do not take more memory than
/// the document.
final class Pointer: Sendable {
    private let parent: Pointer?
    /// The last part of the path, without escapes.
    private let step: String
    private let hash: Int

    static let root = Pointer(nil, "")

    private init(_ parent: Pointer?, _ step: String) {
        self.parent = parent
        self.step = step
        var hasher = Hasher()
        hasher.combine(parent?.hash)
        hasher.combine(step)
        hash = hasher.finalize()
    }

    func appending(_ step: String) -> Pointer { Pointer(self, step) }
}

extension Pointer: Hashable {
    static func == (left: Pointer, right: Pointer) -> Bool {
        var (left, right) = (left, right)
        while left !== right {
            guard left.hash == right.hash, left.step.utf8.elementsEqual(right.step.utf8),
                let leftParent = left.parent, let rightParent = right.parent
            else { return false }
            (left, right) = (leftParent, rightParent)
        }
        return true
    }

    func hash(into hasher: inout Hasher) { hasher.combine(hash) }
}

extension Pointer: CustomStringConvertible {
    var description: String {
        var steps: [String] = []
        var place = self
        while let parent = place.parent {
            steps.append("/" + place.step.replacing("~", with: "~0").replacing("/", with: "~1"))
            place = parent
        }
        return steps.reversed().joined()
    }
}
