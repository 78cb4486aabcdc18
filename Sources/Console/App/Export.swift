import Warehouse

/// Something that is to be written to a file.
struct ExportRequest: Equatable, Sendable {
  /// What is written.
  enum Source: Equatable, Sendable {
    /// All rows that statements answer with; and how many these are, as far as that is known.
    case run(QueryRun, GridExtent.Total)
    /// Rows that are here.
    case rows(GridRows)
    /// A text as it stands.
    case text(String)
  }

  var source: Source
  var format = RowFormat.csv
  var path: String
  /// Whether a file of that name gives way.
  var replaces = false
}

/// A file that is being written.
struct ExportProgress: Equatable, Sendable {
  var id: Int
  var request: ExportRequest
  var since: Duration
  /// Rows written so far.
  var count = 0
  var isCancelled = false

  /// How far it is, in a line.
  func line(now: Duration, glyphs: GlyphSet) -> Line {
    let picture = Spinner.picture(at: now, glyphs: glyphs)
    if isCancelled {
      let end = request.replaces ? "stays as it was" : "is not kept"
      return Line("\(picture) stopping: \(request.path) \(end)", .warning)
    }
    let elapsed = Quantity.duration(now - since)
    return Line(
      "\(picture) \(request.path): \(rows) · \(elapsed) · Ctrl-C cancels", .active)
  }

  private var rows: String {
    guard case .run(_, let total) = request.source else { return Quantity.counted(count, "row") }
    switch total {
    case .exact(let total):
      return "\(Quantity.count(count)) of \(Quantity.counted(total, "row"))"
    case .estimate(let total):
      return "\(Quantity.count(count)) of about \(Quantity.short(Double(total))) rows"
    case .moreThan, .unknown: return Quantity.counted(count, "row")
    }
  }
}

/// What a screen can write to a file: what the form asks about.
struct ExportOffer: Equatable, Sendable {
  /// Some of the rows, or all.
  struct Choice: Equatable, Sendable {
    var title: String
    var source: ExportRequest.Source
  }

  /// What the rows are of.
  var title: String
  /// The proposed name, without an ending.
  var name: String
  /// Which rows, the likeliest first.
  var choices: [Choice] = []
  /// The chart that is shown, as text.
  var chart: String?
  /// A text in place of rows.
  var text: String?

  private static let formats: [RowFormat] = [.csv, .jsonLines, .json, .markdown]

  /// The form that asks where it goes.
  var form: Form {
    let file = Form.Field(name: "file", note: "a path", input: InputField(name))
    if text != nil {
      return Form(title: "Write \(title)", purpose: .export(self), fields: [file])
    }
    let formats = (chart == nil ? [] : ["chart"]) + ExportOffer.formats.map(\.rawValue)
    var fields = [
      Form.Field(
        name: "format", note: "format", choices: formats,
        input: InputField(formats.first ?? "csv"))
    ]
    if choices.count > 1 {
      fields.append(
        .init(
          name: "rows", note: "rows", choices: choices.map(\.title),
          input: InputField(choices.first?.title ?? "")))
    }
    fields.append(file)
    return Form(title: "Export \(title)", purpose: .export(self), fields: fields)
  }

  /// What the form's values ask for; nil when it names no file.
  func request(_ form: Form) -> ExportRequest? {
    let name = form.value("file")
    guard let last = name.split(separator: "/").last, !name.hasSuffix("/") else { return nil }
    let word = form.value("format")
    let format = RowFormat(rawValue: word)
    let ending = format == nil ? "txt" : format == .markdown ? "md" : word
    let path = last.contains(".") ? name : "\(name).\(ending)"
    guard let format else {
      return ExportRequest(source: .text(text ?? chart ?? ""), path: path)
    }
    let chosen = choices.first { $0.title == form.value("rows") } ?? choices.first
    return chosen.map { ExportRequest(source: $0.source, format: format, path: path) }
  }
}

/// Answers to what was asked; the number is that of the file.
enum ExportMessage: Equatable, Sendable {
  /// There is such a file: nothing was written.
  case taken(Int)
  case progressed(Int, Int)
  case ended(Int, Result<Int, WarehouseError>)
}

/// What should be done for a file; the number comes back with the answer.
enum ExportEffect: Equatable, Sendable {
  case write(Int, ExportRequest)
  case cancel
}

/// The part of the service that writes files for a person.
protocol ExportService: Sendable {
  /// Whether anything lies at a path.
  func fileExists(_ path: String) async -> Bool

  /// Writes a file whole, or none. `progress` hears how many rows were written, now and then.
  ///
  /// - Returns: the rows in it.
  /// - Throws: `.usage` when there is such a file and it is not to be replaced; `.cancelled`.
  func export(
    _ request: ExportRequest, progress: @escaping @Sendable (Int) -> Void
  ) async throws(WarehouseError) -> Int
}
