import Warehouse

extension EffectRunner {
  /// Does what the Cluster screen asks for.
  func performCluster(_ effect: ClusterEffect) {
    let service = service
    let mailbox = mailbox
    switch effect {
    case .change(let operation):
      fetch(.cloud, { .cluster(.changed($0)) }) { () async throws(WarehouseError) in
        try await service.change(operation) { mailbox.post(.cluster(.event($0))) }
      }
    case .cancelChange: cancel(.cloud)
    case .createConfiguration(let path):
      change(then: .cluster(.configurationCreated(path))) { () async throws(WarehouseError) in
        try await service.createConfiguration(at: path)
      }
    case .look(let id):
      fetch(.cloudLook, { .cluster(.looked(id, $0)) }) { () async throws(WarehouseError) in
        try await service.cloudStatus()
      }
    case .findWork(let id):
      fetch(.otherWork, { .cluster(.workFound(id, $0)) }) { () async throws(WarehouseError) in
        try await service.otherWork()
      }
    }
  }
}
