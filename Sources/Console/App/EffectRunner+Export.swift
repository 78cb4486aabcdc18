import Warehouse

extension EffectRunner {
  /// Writes a file, or stops writing it. Returns at once.
  func performExport(_ effect: ExportEffect) {
    let (service, mailbox) = (service, mailbox)
    switch effect {
    case .write(let id, let request):
      start(.export) {
        if !request.replaces, await service.fileExists(request.path) {
          mailbox.post(.export(.taken(id)))
          return
        }
        let answer = await Result { () async throws(WarehouseError) in
          try await service.export(request) { mailbox.post(.export(.progressed(id, $0))) }
        }
        mailbox.post(.export(.ended(id, answer)))
      }
    case .cancel: cancel(.export)
    }
  }
}
