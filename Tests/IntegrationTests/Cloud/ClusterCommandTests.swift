import Foundation
import Testing

@testable import Warehouse

/// The cluster commands as processes, at a stand-in for AWS of their own.
@Suite("The cluster commands")
struct ClusterCommandTests {
  private func account(_ settings: String...) async throws -> CloudAccount {
    try await CloudAccount(try TemporaryFolder.make(), settings: settings)
  }

  private func changes(_ outcome: Program.Outcome) -> Set<String> {
    Set(outcome.events.compactMap { $0["change"] as? String })
  }

  @Test("make a warehouse step by step, change nothing the second time, and leave nothing behind")
  func wholeLife() async throws {
    let account = try await account()
    let made = try await account.run("cluster", "provision", "--json")
    try #require(made.status == 0, "\(made.all)")
    #expect(changes(made).contains("made"))
    let finished = try #require(made.events.last)
    #expect(finished.name == "finished")
    #expect(finished["name"] as? String == CloudAccount.warehouse)
    var file = try String(contentsOfFile: account.folder + "/dwh.cfg", encoding: .utf8)
    #expect(file.contains("HOST=\(finished["host"] as? String ?? "?")"))
    #expect(file.contains("ARN=\(finished["role_arn"] as? String ?? "?")"))
    let password = try #require(try account.configuration().server.password)
    #expect(!made.all.contains(password.reveal()))
    #expect(!file.contains(password.reveal()))

    // The stand-in answers on a port of its own, for which the door is opened now.
    _ = try await account.run("cluster", "provision")
    file = try String(contentsOfFile: account.folder + "/dwh.cfg", encoding: .utf8)
    let again = try await account.run("cluster", "provision", "--json")
    #expect(changes(again) == ["kept"], "\(again.all)")
    #expect(try String(contentsOfFile: account.folder + "/dwh.cfg", encoding: .utf8) == file)

    let gone = try await account.run(
      "cluster", "teardown", "--confirm", CloudAccount.warehouse, "--no-snapshot", "--json")
    try #require(gone.status == 0, "\(gone.all)")
    #expect(gone.events.last?["remaining"] as? [String] == [])
    #expect(try account.remains() == [])
    #expect(try account.configuration().target == .embedded)
  }

  @Test("pause, resume, copy and resize it, and keep a last snapshot unless told not to")
  func lifecycle() async throws {
    let account = try await account()
    let none = try await account.run("cluster", "pause")
    #expect(none.status == 2 && none.errors.contains("there is no warehouse"), "\(none.all)")
    func change(_ steps: [String]...) async throws {
      for words in steps {
        let outcome = try await account.run(["cluster"] + words)
        try #require(outcome.status == 0, "\(words): \(outcome.all)")
      }
    }
    try await change(["provision"], ["snapshot", "before"], ["pause"], ["pause"])
    // What is paused says nothing itself: AWS is asked why.
    for words in [["status"], ["run", "create"]] {
      let refused = try await account.run(words)
      #expect(refused.errors.contains("\(CloudAccount.warehouse) is paused"), "\(refused.all)")
      #expect(refused.errors.contains("`sparkify cluster resume`"), "\(refused.all)")
    }
    try await change(
      ["resume"], ["resize", "--nodes", "2", "--classic"], ["resize", "--nodes", "3"])
    let inelastic = try await account.run("cluster", "resize", "--nodes", "1")
    #expect(inelastic.status == 1 && inelastic.errors.contains("--classic"), "\(inelastic.all)")
    let gone = try await account.run("cluster", "teardown", "--confirm", CloudAccount.warehouse)
    #expect(gone.status == 0, "\(gone.all)")
    #expect(gone.output.contains("deleted  cluster \(CloudAccount.warehouse)"))
    #expect(gone.output.contains("stays    snapshot before"))
    #expect(gone.output.contains("stays    snapshot \(CloudAccount.warehouse)-final-"))
  }

  @Test("make and remove a serverless warehouse in the same way")
  func serverless() async throws {
    let account = try await account("DWH_WORKGROUP=\(CloudAccount.warehouse)")
    let made = try await account.run("cluster", "provision", "--json")
    try #require(made.status == 0, "\(made.all)")
    _ = try await account.run("cluster", "provision")
    let again = try await account.run("cluster", "provision", "--json")
    #expect(changes(again) == ["kept"], "\(again.all)")
    let more = try await account.run("cluster", "resize", "--capacity", "16")
    #expect(more.status == 0, "\(more.all)")
    let pause = try await account.run("cluster", "pause")
    #expect(pause.status == 2 && pause.errors.contains("cannot be paused"), "\(pause.all)")
    let gone = try await account.run(
      "cluster", "teardown", "--confirm", CloudAccount.warehouse, "--no-snapshot")
    #expect(gone.status == 0, "\(gone.all)")
    #expect(try account.remains() == [])
  }

  @Test("end with 130 when interrupted, and the same command finishes the work")
  func interrupted() async throws {
    let account = try await account()
    // So long between two looks that the signal comes while it waits.
    let program = try Program(
      ["cluster", "provision", "--json", "--set", "DWH.DWH_POLL_SECONDS=300"],
      environment: ["AWS_EC2_METADATA_DISABLED": "true"], workingFolder: account.folder)
    try await program.waitFor("progress")
    program.send(SIGINT)
    let outcome = try await program.outcome()
    #expect(outcome.status == 130, "\(outcome.all)")
    #expect(outcome.errors.contains("the same command finishes the work"))
    let finished = try await account.run("cluster", "provision")
    #expect(finished.status == 0, "\(finished.all)")
    let gone = try await account.run(
      "cluster", "teardown", "--confirm", CloudAccount.warehouse, "--no-snapshot")
    #expect(gone.status == 0, "\(gone.all)")
    #expect(try account.remains() == [])
  }

  @Test("delete nothing without the warehouse's name, and make no call in a dry run")
  func caution() async throws {
    let account = try await account()
    let before = try account.remains()
    for words in [["provision"], ["teardown"], ["pause"], ["resume"], ["snapshot"]] {
      let outcome = try await account.run(["cluster"] + words + ["--dry-run"])
      #expect(outcome.status == 0, "\(words): \(outcome.all)")
      #expect(outcome.output.contains("ClusterIdentifier=\(CloudAccount.warehouse)"))
    }
    #expect(try account.remains() == before)
    let plan = try await account.run("cluster", "provision", "--dry-run")
    #expect(plan.output.contains("Encrypted=true") && plan.output.contains("Password=•••"))
    for words in [["teardown"], ["teardown", "--confirm", "another"]] {
      let refused = try await account.run(["cluster"] + words)
      #expect(refused.status == 2)
      #expect(refused.errors.contains(CloudAccount.warehouse))
    }
    let policy = try await account.run("cluster", "policy", "role")
    #expect(policy.output.contains("\"arn:aws:s3:::lake/log_data/*\""), "\(policy.all)")
    let unknown = try await account.run("cluster", "policy", "none")
    #expect(unknown.status == 2)
  }
}

extension CloudAccount {
  /// What the files of this account say now.
  fileprivate func configuration() throws -> Configuration {
    try Configuration.load(
      ConfigurationOptions(workingFolder: folder, homeFolder: folder, environment: [:]))
  }
}
