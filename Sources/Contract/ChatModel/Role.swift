/// The speaker of a message. There may be other roles than those that have a name here.
public struct Role: RawRepresentable, Hashable, Sendable {
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    public static let user = Role(rawValue: "user")
    public static let assistant = Role(rawValue: "assistant")
    public static let system = Role(rawValue: "system")
    public static let tool = Role(rawValue: "tool")
}
