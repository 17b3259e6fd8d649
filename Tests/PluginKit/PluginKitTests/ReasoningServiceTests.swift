import GRPC
import Messages
import SwiftProtobuf
import Testing

@Suite struct ReasoningServiceTests {
    private let state = Hector_Plugin_ReasoningState.with {
        $0.iteration = 2
        $0.query = "why?"
        $0.conversation = [
            .with {
                $0.role = "user"
                $0.content = "why?"
            },
            .with {
                $0.role = "assistant"
                $0.content = "because"
            },
        ]
        $0.customState = ["kept": "yes"]
    }

    @Test func `hands its own state back`() async throws {
        try await withHost(of: Countdown()) { host in
            let prepared = try await host.call(
                ReasoningMethod.prepareIteration,
                Hector_Plugin_PrepareIterationRequest.with {
                    $0.iteration = 2
                    $0.state = state
                }, Hector_Plugin_PrepareIterationResponse.self)
            #expect(prepared.success && prepared.error == "")
            #expect(prepared.customState == ["kept": "yes", "seen": "2 of why?"])

            let after = try await host.call(
                ReasoningMethod.afterIteration,
                Hector_Plugin_AfterIterationRequest.with {
                    $0.iteration = 2
                    $0.state = state
                    $0.results = [.with { $0.content = "a" }, .with { $0.content = "b" }]
                }, Hector_Plugin_AfterIterationResponse.self)
            #expect(after.success)
            #expect(after.customState == ["kept": "yes", "results": "a,b"])
        }
    }

    @Test func `an error is in the answer`() async throws {
        try await withHost(of: Countdown()) { host in
            let answer = try await host.call(
                ReasoningMethod.prepareIteration, Hector_Plugin_PrepareIterationRequest(),
                Hector_Plugin_PrepareIterationResponse.self)
            #expect(!answer.success && answer.error == "no iteration 0")
        }
    }

    @Test(arguments: [([], true), (["look"], false)])
    func `stops when the model asks for no tools`(tools: [String], stops: Bool) async throws {
        try await withHost(of: Countdown()) { host in
            let answer = try await host.call(
                ReasoningMethod.shouldStop,
                Hector_Plugin_ShouldStopRequest.with {
                    $0.toolCalls = tools.map { name in .with { $0.name = name } }
                    $0.state = state
                }, Hector_Plugin_ShouldStopResponse.self)
            #expect(answer.stop == stops && answer.error == "")
            #expect(answer.customState == ["kept": "yes"])
        }
    }

    @Test func `gives the model something to read`() async throws {
        try await withHost(of: Countdown()) { host in
            let injection = try await host.call(
                ReasoningMethod.getContextInjection,
                Hector_Plugin_GetContextInjectionRequest.with { $0.state = state },
                Hector_Plugin_GetContextInjectionResponse.self)
            #expect(injection.text == "user: why?\nassistant: because")
            let slots = try await host.call(
                ReasoningMethod.getPromptSlots, Hector_Plugin_Empty(),
                Hector_Plugin_PromptSlots.self)
            #expect(slots.systemRole == "You count." && slots.additional == "Down.")
            let info = try await host.call(
                ReasoningMethod.getStrategyInfo, Hector_Plugin_Empty(),
                Hector_Plugin_StrategyInfo.self)
            #expect(info.name == "countdown" && info.description_p == "Counts.")
        }
    }
}
