import Glibc
import Warehouse

extension Command {
  /// `cluster teardown`: everything that `cluster provision` made, gone.
  static let clusterTeardown = Command(
    name: "cluster teardown", usage: "",
    summary: "deletes the Redshift warehouse and all that was made for it",
    details: """
      Deletes the cluster or workgroup, its groups, the security group and the role, waits until AWS
      says that they are gone, looks again, and writes a receipt: what was deleted, what stays and
      costs, how long it lived. The data stay as a last snapshot unless --no-snapshot is given. It
      asks for the warehouse's name first, or takes it from --confirm.
      """,
    options: [
      Option(name: "--confirm", value: "NAME", help: "the warehouse's name, instead of typing it"),
      Option(name: "--no-snapshot", value: nil, help: "let the data go, too"),
      dryRunOption, eventsOption,
    ]
  ) { invocation throws(WarehouseError) in
    try invocation.arguments.requireWords(atMost: 0)
    let keepsSnapshot = !invocation.arguments.has("--no-snapshot")
    if invocation.arguments.has("--dry-run") {
      return try invocation.dryRun(from: .available) { (provisioner) throws(WarehouseError) in
        _ = try provisioner.teardown(keepsSnapshot: keepsSnapshot, Cancellation())
      }
    }
    let plan = try CloudPlan(try invocation.configuration())
    try await confirm(plan, keepsSnapshot, invocation)
    let reporter = CloudReporter(invocation)
    let receipt = try await invocation.withProvisioner(reporter) {
      (provisioner, cancellation) throws(WarehouseError) in
      try provisioner.teardown(keepsSnapshot: keepsSnapshot, cancellation)
    }
    let price = receipt.price(of: plan)
    let lines = receipt.lines(price).map { "  " + $0 }
    reporter.finish(receipt.jsonMembers(price), lines: ["", "receipt for \(receipt.name)"] + lines)
    return receipt.remaining.isEmpty ? .done : .failed
  }

  // MARK: Asking

  private static func confirm(
    _ plan: CloudPlan, _ keepsSnapshot: Bool, _ invocation: Invocation
  ) async throws(WarehouseError) {
    var typed = invocation.arguments.value("--confirm")
    if typed == nil {
      guard isatty(STDIN_FILENO) == 1, invocation.output.talksToTerminal else {
        throw WarehouseError(
          .usage, "a teardown needs the warehouse's name",
          hint: "Give --confirm \(plan.name).")
      }
      let data = keepsSnapshot ? "its data stay as a snapshot" : "its data are lost"
      invocation.output.talk(
        "This deletes the warehouse \(plan.name) in \(plan.region); \(data).")
      invocation.output.control("Type its name to go on: ")
      typed = try await typedLine()
    }
    guard typed == plan.name else {
      throw WarehouseError(
        .usage, "nothing was deleted: that is not the warehouse's name",
        hint: "The warehouse is \(plan.name), in \(plan.region).")
    }
  }

  /// A line from the keyboard. It is looked for now and then, so that Ctrl-C is heard meanwhile.
  private static func typedLine() async throws(WarehouseError) -> String? {
    var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    while poll(&input, 1, 0) == 0 {
      do {
        try await Task.sleep(for: .milliseconds(50))
      } catch {
        throw .cancelled
      }
    }
    return readLine()
  }
}

extension TeardownReceipt {
  fileprivate func jsonMembers(_ price: CloudPrice?) -> [(String, JSONValue)] {
    let cost = price.flatMap { price in lived.map { price.cost(after: $0) } }
    return [
      ("name", .string(name)), ("deleted", .array(deleted.map(JSONValue.string))),
      ("remaining", .array(remaining.map(JSONValue.string))),
      ("kept", .array(kept.map(JSONValue.string))),
      ("snapshots", .array(snapshots.map { .string($0.name) })),
      ("seconds", lived.map { .real(Double($0.components.seconds)) } ?? .null),
      ("dollars_at_most", cost.map(JSONValue.real) ?? .null),
    ]
  }
}
