import Foundation
import Testing

/// The state that a program inherits when hector executes it: above all, signals.
@Suite(.serialized) struct BecomingTests: ShellPrograms {
    @Test func `the shell that hector becomes hears keys such as ^C, and a new size`()
        async throws
    {
        let shell = try shell()
        let result = try await drive(
            #"""
            t = Terminal("bash", "--norc", "-i", PS1="bash$ ", columns=80)
            t.expect("bash$ ")
            t.send("hector --agent w --session s\r")
            t.expect("w> ")
            t.send("one two\r")
            t.expect("You")
            t.send("\x03")
            t.expect("[cut: ")
            t.expect("w> ")
            t.send("\x1a")
            t.expect("Stopped")
            t.expect("bash$ ")
            t.send("fg\r")
            t.expect("w> ")
            # The shell's command has the terminal and receives the keys.
            for key in ["\x03", "\x1c"]:
                t.send("!echo begun; exec cat\r")
                t.expect("\rbegun\r\n")
                # Waits until cat runs.
                t.send("one\r")
                t.expect("one\r\none\r\n")
                t.send(key)
                t.expect("w> ")
            t.send("x" * 60)
            t.expect("x" * 60)
            t.resize(24, 40)
            t.expect("w> " + "x" * 37)
            t.send("\x03")
            t.expect("w> ")
            # ^\ ends the command and not the shell.
            t.send("\x1c")
            t.send("!echo alive\r")
            t.expect("\ralive\r\n")
            t.expect("w> ")
            t.send("\x03")
            t.expect("(^C again or ^D leaves)")
            t.send("\x03")
            t.expect("bash$ ")
            t.send("echo status $?\r")
            t.expect("status 0\r\n")
            print("done")
            """#, in: shell)
        #expect(result.lines == ["done"])
    }

    @Test(arguments: [SIGTERM, SIGHUP], [["hector"], ["hector", "run"]])
    func `a signal ends the shell that hector becomes`(signal: Int32, words: [String]) async throws
    {
        let command = words.map { "\"\($0)\"" }.joined(separator: ", ")
        let result = try await drive(
            """
            for asked in (False, True):
                t = Terminal(\(command), "--agent", "w")
                t.expect("w> ")
                if asked:
                    t.send("one two\\r")
                    t.expect("You")
                os.kill(t.process, \(signal))
                print(t.end(), t.first_modes == t.modes())
            """)
        #expect(result.lines == ["-\(signal) True", "-\(signal) True"])
    }

    /// Prints the signals that are blocked and those that are ignored, as the kernel reports them.
    /// Covers the first 28, which the C library does not use for itself.
    private static let signals = #"""
        #!/bin/sh
        exec sed -n 's/^Sig\(Blk\|Ign\):.*\(.......\)$/\2/p' /proc/self/status

        """#

    // 'hector help NAME' executes it on a thread of the runtime, 'hector NAME' on the main thread.
    @Test(arguments: ["hector help signals", "hector signals"])
    func `no signal is blocked for what hector becomes, nor ignored but by the caller`(
        command: String
    ) async throws {
        let shell = try Shell()
        try shell.write(Self.signals, to: "hector-signals")
        let result = try await shell.run(
            """
            chmod +x hector-signals
            export PATH=$PATH:$PWD
            \(command)
            trap '' HUP
            \(command)
            """)
        #expect(result.lines == ["0000000", "0000000", "0000000", "0000001"], "\(result.errors)")
    }

    @Test func `a stage of the user's starts with no signal blocked or ignored`() async throws {
        let shell = try Shell()
        try shell.write(Self.signals, to: "signals")
        try shell.write(
            #"""
            agents:
              a:
                stages:
                  generate: >-
                    sh signals > found;
                    jq --unbuffered -c '.messages += [{role: "assistant", content: "yes"}]'

            """#, to: "hector.yaml")
        let result = try await shell.run("hector 'a question' && cat found")
        #expect(result.lines == ["yes", "0000000", "0000000"], "\(result.errors)")
    }
}
