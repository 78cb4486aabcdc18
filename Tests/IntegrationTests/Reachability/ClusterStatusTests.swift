import Testing

@testable import Warehouse

@Suite("The command cluster status")
struct ClusterStatusTests {
  @Test("ends with 0 where every step passes, and writes each one as JSON")
  func passes() async throws {
    let server = try await TLSServer.valid.value
    let arguments = server.settings().flatMap { ["--set", $0] }
    let outcome = try await Program.run(["cluster", "status", "--json"] + arguments)
    #expect(outcome.status == 0, "\(outcome.all)")
    let event = try #require(outcome.events.first)
    #expect(event["verdict"] as? String == "passed")
    let steps = try #require(event["steps"] as? [[String: Any]])
    #expect(steps.map { $0["step"] as? String }.prefix(4) == ["DNS", "TCP", "TLS", "login"])
    #expect(steps.first?["seconds"] is Double)
    #expect(!outcome.all.contains(TLSServer.password))
  }

  @Test("ends with 1 where one fails, and says what would help")
  func fails() async throws {
    let port = try MuteListener.freePort()
    let outcome = try await Program.run([
      "cluster", "status", "--set", "CLUSTER.HOST=127.0.0.1", "--set", "CLUSTER.DB_PORT=\(port)",
    ])
    #expect(outcome.status == 1)
    #expect(outcome.output.contains("✗ failed   TCP         port \(port): Connection refused"))
    #expect(outcome.output.contains("→ Nothing listens there: check DB_PORT"))
    #expect(outcome.output.contains("· skipped  login"))
  }
}
