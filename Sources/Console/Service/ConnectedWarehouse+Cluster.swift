import Synchronization
import Warehouse

extension ConnectedWarehouse {
  func status(_ tell: @escaping @Sendable (WarehouseStatus) -> Void) async -> WarehouseStatus {
    let report = Configuration.inspect(options)
    let known = Mutex(configuredStatus(report.configuration.overridden(by: overrides)))
    func grow(_ change: (inout WarehouseStatus) -> Void) {
      let status = known.withLock { status in
        change(&status)
        return status
      }
      tell(status)
    }
    grow { _ in }
    do throws(WarehouseError) {
      let target = try target()
      if let cloud = try? await cloudStatus(target.configuration) { grow { $0.cloud = cloud } }
      let reachability = Reachability(
        target, stateFolder, observer: { [weak self] in self?.observe($0) },
        writesWorkArea: !hasWrittenWorkArea)
      let steps = await reachability.check { step in
        let status = known.withLock { status in
          status.reachability.append(step)
          return status
        }
        tell(status)
      }
      let costly = steps.filter { $0.name == "work area" || $0.name.hasPrefix("COPY ") }
      if !costly.isEmpty, costly.allSatisfy({ $0.outcome == .passed }) {
        hasWrittenWorkArea = true
      }
      let canAnswer = known.withLock { status in
        !status.reachability.contains { $0.name == "login" && $0.outcome != .passed }
      }
      guard canAnswer else { return known.withLock { $0 } }
      let facts = try await facts(of: target)
      grow { $0.facts = facts }
    } catch {
      grow { $0.facts.append(ServerFact(label: "problem", value: error.message)) }
    }
    return known.withLock { $0 }
  }

  /// What the configuration alone tells.
  private func configuredStatus(_ configuration: Configuration) -> WarehouseStatus {
    let entries = configuration.entries
    var status = WarehouseStatus(
      // What is set comes first: that is what people look for.
      configuration: entries.filter { $0.value != nil } + entries.filter { $0.value == nil },
      facts: [], reachability: [],
      maxRejects: configuration.pipeline.maxRejects,
      configurationPath: configuration.path)
    status.newConfigurationPath = configuration.pathForNew(options)
    status.findings = configuration.findings.filter { $0.key == nil }
    status.cloudName = CloudName(configuration)
    status.pauseAfter = configuration.cluster.pauseAfter
    guard status.cloudName != nil else { return status }
    status.cloudPlan = try? CloudPlan(configuration).outline()
    return status
  }

  func createConfiguration(at path: String) async throws(WarehouseError) {
    try ConfigurationExample.write(to: path)
  }

  func cloudStatus() async throws(WarehouseError) -> CloudStatus? {
    try await cloudStatus(try target().configuration)
  }

  private func cloudStatus(
    _ configuration: Configuration
  ) async throws(WarehouseError) -> CloudStatus? {
    try await CloudStatus.asked(configuration, observer: { [weak self] in self?.observe($0) })
  }

  func change(
    _ operation: CloudOperation, observer: @escaping CloudObserver
  ) async throws(WarehouseError) -> [String] {
    let configuration = try Configuration.load(options)
    let provisioner = try Provisioner(
      configuration, statements: { [weak self] in self?.observe($0) }, observe: observer)
    return try await provisioner.detached { provisioner, cancellation throws(WarehouseError) in
      try provisioner.perform(operation, cancellation)
    }
  }
}
