import Testing

@testable import PackageFiles

/// The rules for what a package may contain.
@Suite struct InventoryTests {
    private static func refusal(_ message: String) -> PackageError {
        PackageError(.notPermitted, message)
    }

    @Test(arguments: [
        ("/etc/passwd", "begins with '/'"),
        ("../x", "has '..' in its path"),
        ("a/../../x", "has '..' in its path"),
        ("a/..", "has '..' in its path"),
        ("", "has no name"),
        ("a\nb", "has control characters in its name"),
        ("a\u{1B}[31m", "has control characters in its name"),
        (String(repeating: "a/", count: 40) + "x", "is too deep in folders"),
        (String(repeating: "a", count: 300), "is too long"),
        (String(repeating: "a", count: 600), "is too long"),
        (".", "is the package itself"),
        // To Swift, a slash with an accent is one character; to the kernel it is a slash.
        ("..\u{2F}\u{301}x", "has '..' in its path"),
    ])
    func `refuses a path`(path: String, reason: String) {
        var inventory = Inventory()
        let error = #expect(throws: PackageError.self) { try inventory.admit(path, .file) }
        #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
        #expect(error?.meaning == .notPermitted)
    }

    @Test func `a link is checked by its path`() throws {
        try Inventory().check(link: "d/a", to: "../x")
        for (path, target) in [("a", "../x"), ("d/a", "../../x"), ("a", "/x")] {
            #expect(throws: PackageError.self) { try Inventory().check(link: path, to: target) }
        }
    }

    @Test(arguments: [
        ("a", "/etc/passwd"), ("a", "../x"), ("a", ".."), ("d/a", "../../x"), ("a", ""),
        // After a name the kernel's '..' need not be the text's.
        ("a", "d/../../x"), ("d/e/a", "../d/../x"), ("a", "d/./../x"), ("a", "x\ny"),
    ])
    func `refuses a link out of the package`(path: String, target: String) {
        var inventory = Inventory()
        let error = #expect(throws: PackageError.self) {
            try inventory.admit(path, .link(target))
        }
        #expect(error?.message.contains("is a link out of the package") == true)
    }

    @Test(arguments: [
        ("a", "x"), ("d/a", "../x"), ("d/e/a", "../../x/y"), ("a", "./x"), ("a", "."),
    ])
    func `takes a link that stays in the package`(path: String, target: String) throws {
        var inventory = Inventory()
        _ = try inventory.admit(path, .link(target))
        #expect(inventory.links.map(\.target) == [target])
    }

    @Test func `nothing lies below a link or a file`() throws {
        var inventory = Inventory()
        _ = try inventory.admit("link", .link("."))
        _ = try inventory.admit("file", .file)
        #expect(throws: Self.refusal("'link/x' in the package is in 'link', which is a link")) {
            try inventory.admit("link/x", .file)
        }
        #expect(throws: Self.refusal("'file/x' in the package is in 'file', which is a file")) {
            try inventory.admit("file/x", .directory)
        }
    }

    @Test(arguments: [Inventory.Kind.file, .directory, .link("x")])
    func `a path is there once`(kind: Inventory.Kind) throws {
        var inventory = Inventory()
        _ = try inventory.admit("a", .file)
        #expect(throws: Self.refusal("'./a' in the package is there twice")) {
            try inventory.admit("./a", kind)
        }
    }

    @Test func `a folder may be there again`() throws {
        var inventory = Inventory()
        #expect(try inventory.admit("a/b/", .directory)?.folders == ["a"])
        #expect(try inventory.admit("a", .directory) == nil)
        #expect(try inventory.admit("./a/b/c", .file)?.path == "a/b/c")
        #expect(try inventory.admit("./", .directory) == nil)
    }

    @Test(arguments: [0o4755, 0o2755, 0o6700] as [UInt32])
    func `refuses what would run as its owner`(mode: UInt32) {
        var inventory = Inventory()
        #expect(throws: PackageError.self) { try inventory.admit("a", .file, mode: mode) }
    }

    @Test func `counts files and bytes`() throws {
        var limits = PackageLimits()
        (limits.bytes, limits.entries) = (10, 3)
        var inventory = Inventory(limits: limits)
        try inventory.count(bytes: 10)
        #expect(throws: Self.refusal("the package has more than 10 bytes unpacked")) {
            try inventory.count(bytes: 1)
        }
        _ = try inventory.admit("a/b", .file)
        #expect(throws: Self.refusal("the package has more than 3 files and folders")) {
            try inventory.admit("c/d", .file)
        }
    }
}
