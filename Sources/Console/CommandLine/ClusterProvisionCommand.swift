import Warehouse

extension Command {
  static let dryRunOption = Option(
    name: "--dry-run", value: nil, help: "write every call to AWS, and make none")
  static let eventsOption = Option(
    name: "--json", value: nil, help: "one JSON object a line for each event")

  /// `cluster provision`: the warehouse at AWS, made or brought to what is configured.
  static let clusterProvision = Command(
    name: "cluster provision", usage: "",
    summary: "makes the Redshift warehouse, or what of it is missing",
    details: """
      Makes a role that may read the configured sources and nothing else, a security group that lets
      this machine alone in (or INBOUND_RULE.CIDRIP), and an encrypted cluster, or a serverless
      workgroup where DWH_WORKGROUP is set. It waits until the warehouse answers steadily, and
      writes endpoint and role into dwh.cfg. A paused cluster is resumed. Interrupted anywhere, the
      same command finishes the work. The warehouse costs money from then on.
      """,
    options: [dryRunOption, eventsOption]
  ) { invocation throws(WarehouseError) in
    try invocation.arguments.requireWords(atMost: 0)
    if invocation.arguments.has("--dry-run") {
      return try invocation.dryRun(from: .nothing) { (provisioner) throws(WarehouseError) in
        try provisioner.provision(Cancellation())
      }
    }
    let reporter = CloudReporter(invocation)
    let warehouse = try await invocation.withProvisioner(reporter) {
      (provisioner, cancellation) throws(WarehouseError) in try provisioner.provision(cancellation)
    }
    reporter.finish(
      [
        ("name", .string(warehouse.name)), ("host", .string(warehouse.endpoint.host)),
        ("port", .integer(warehouse.endpoint.port)), ("database", .string(warehouse.database)),
        ("user", .string(warehouse.user)), ("role_arn", .string(warehouse.roleARN)),
      ],
      lines: ["ready: `sparkify run` loads it, `sparkify cluster status` looks at it"])
    return .done
  }
}
