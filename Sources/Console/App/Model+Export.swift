import Warehouse

extension Model {
  /// Begins to write a file; one at a time.
  mutating func begin(_ request: ExportRequest) -> [Effect] {
    if let export {
      notice = .info("\(export.request.path) is still being written; Ctrl-C cancels it")
      return []
    }
    exportID += 1
    export = ExportProgress(id: exportID, request: request, since: moment.uptime)
    return [.export(.write(exportID, request))]
  }

  /// Stops writing; nothing of the file stays.
  mutating func cancelExport() -> [Effect] {
    guard export != nil else { return [] }
    export?.isCancelled = true
    return [.export(.cancel)]
  }

  /// Takes the values of the form, or says what is wrong with them.
  mutating func accept(_ form: Form, _ offer: ExportOffer) -> [Effect] {
    guard let request = offer.request(form) else {
      var form = form
      if let last = form.fields.indices.last {
        form.fields[last].problem = "Give the path of a file."
        form.select(last)
      }
      setTop(.form(form))
      return []
    }
    overlays.removeLast()
    return begin(request)
  }

  /// Takes an answer; one about an earlier file is dropped.
  mutating func take(_ message: ExportMessage) {
    guard let export else { return }
    switch message {
    case .progressed(export.id, let count): self.export?.count = count
    case .taken(export.id):
      self.export = nil
      if quitsAfterExport { exitStatus = 0 }
      guard !export.isCancelled else { return }
      push(.choice(.replacing(export.request)))
    case .ended(export.id, let answer):
      self.export = nil
      if quitsAfterExport { exitStatus = 0 }
      end(export.request, answer)
    case .progressed, .taken, .ended: break
    }
  }

  private mutating func end(_ request: ExportRequest, _ answer: Result<Int, WarehouseError>) {
    let path = request.path
    switch answer {
    case .success(let count):
      notice = .info(
        count > 0 ? "\(Quantity.counted(count, "row")) written to \(path)" : "written to \(path)")
    case .failure(let error) where error.kind == .cancelled:
      notice = .info(
        request.replaces ? "cancelled: \(path) is as it was" : "cancelled: there is no \(path)")
    case .failure(let error): report(error)
    }
  }
}

extension Choice {
  /// Asks before a file is overwritten.
  static func replacing(_ request: ExportRequest) -> Choice {
    var request = request
    request.replaces = true
    return Choice(
      title: "There is such a file", text: "\(request.path) holds something already.",
      answers: [
        .init(key: "r", title: "replace it, once the new one is whole", meaning: .write(request)),
        .init(key: .escape, title: "leave it", meaning: .stay),
      ])
  }
}
