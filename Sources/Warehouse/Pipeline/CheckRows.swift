/// The rows that a recorded check is about.
public struct CheckRows: Sendable, Equatable {
  /// The check as it was recorded.
  public var check: CheckResult
  /// The schema that they were read from: the build, or the published star.
  public var schema: String
  /// The first of them; it says when there are more.
  public var rows: ResultSet

  /// Rows of a check.
  public init(check: CheckResult, schema: String, rows: ResultSet) {
    self.check = check
    self.schema = schema
    self.rows = rows
  }
}

extension CheckResult {
  /// Whether there are rows to show.
  public var hasRows: Bool { offendingRowsSQL != nil }

  /// Why there are no rows to show, as a sentence; nil when there are.
  public var whyNoRows: String? {
    guard !hasRows else { return nil }
    return switch verdict {
    case .passed: "It found nothing amiss, so that there are no rows to show."
    case .failed: "It is about rows that are not there, so that there are none to show."
    case .noted: "No query for its rows was recorded with it."
    }
  }
}

extension RunHistory {
  /// The rows that a check of a run is about, read from the star that it judged, at most `limit`.
  ///
  /// The session must be outside a transaction, and is left so.
  /// - Throws: `.usage` when there is no such run or check, or the check has no rows;
  ///   `.dependency` when that star is gone, as another was built since.
  public func rows(
    of check: String, run id: Int, limit: Int
  ) async throws(WarehouseError) -> CheckRows {
    let found = try await checks(of: id)
    guard let result = found.first(where: { $0.name == check }) else {
      throw Self.unknown(check, run: id, among: found)
    }
    guard let sql = result.offendingRowsSQL else {
      throw WarehouseError(
        .usage, "the check \(check) of run \(id) has no rows to show",
        detail: "\(result.title): \(result.detail)", hint: result.whyNoRows)
    }
    let isRecord = check == StarChecks.rejectsName
    guard let schema = isRecord ? StarSchema.operations : try await schema(judgedBy: id) else {
      throw WarehouseError(
        .dependency, "could not show the rows of \(check): the build is gone",
        detail: "another one was begun since run \(id)",
        hint: "Run check again, and look at that run.")
    }
    let rows = try await session.readOnlyTransaction { () async throws(WarehouseError) in
      try await session.execute("SET LOCAL search_path TO \(Identifier(schema).sql)")
      return try await session.execute(Statement(sql), limit: limit)
    }
    return CheckRows(check: result, schema: schema, rows: rows)
  }

  private static func unknown(
    _ check: String, run id: Int, among found: [CheckResult]
  ) -> WarehouseError {
    guard !found.isEmpty else {
      return WarehouseError(.usage, "run \(id) has no checks: there is none, or it came to none")
    }
    let names = found.filter(\.hasRows).map(\.name)
    return WarehouseError(
      .usage, "run \(id) has no check \"\(check)\"",
      hint: names.isEmpty
        ? "None of its checks has rows to show."
        : "Those with rows to show are \(names.joined(separator: ", ")).")
  }

  /// Where the star lies that a run's checks judged: published since, or still the build. Nil when
  /// any of its tables was made anew afterwards.
  private func schema(judgedBy id: Int) async throws(WarehouseError) -> String? {
    let stages = Stage.building.map { "'\($0.rawValue)'" }.joined(separator: ", ")
    let later = try await session.execute(
      Statement(
        "SELECT min(run_id) FROM sparkify_ops.stage_runs WHERE run_id > $1 AND stage IN (\(stages))",
        Parameter(id)))
    let changed = later.rows.first?.integer(0) ?? .max
    if let publication = try await publication(), publication.runID >= id {
      return publication.runID < changed ? StarSchema.published : nil
    }
    let marks = TableName(StarSchema.build, StarSchema.buildStages)
    let isThere = try await session.hasTable(marks)
    return changed == .max && isThere ? StarSchema.build : nil
  }
}

extension Stage {
  /// The stages that make tables of the build.
  static let building: [StageID] = usual.filter { stage in
    switch stage.work {
    case .create, .stage, .load: true
    case .provision, .restage, .check, .publish: false
    }
  }.map(\.id)
}
