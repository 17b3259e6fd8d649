// The messages of a conversation are part of what a plugin imports: with a plain import its members
// would be visible only to files that import the module by its own name.
@_exported public import ChatModel

/// One turn of a conversation with a language model.
public typealias Message = ChatMessage
