/// How a table of the star is filled.
struct TableLoad: Sendable {
  /// The statements that fill the table, at the beginning of a transaction.
  let filling: [String]
  /// How rows that are there more than once are found and taken out; nil where none can be.
  let repeats: Repeats?
  /// What makes its keys, at the end of that transaction.
  let keys: [String]
  /// What is made from the filled table: each for a transaction and a session of its own, all at
  /// the same time.
  let finishing: [[String]]

  /// Rows with equal numbers, of which one is to stay.
  struct Repeats: Sendable {
    /// The query that says how many rows are too many.
    let count: String
    /// The statements that take them out, needed when there are any.
    let removal: [String]

    /// An event that was delivered more than once counts once. The numbers of plays have no gaps,
    /// so that the largest says how many plays there are.
    static var ofSongplays: Repeats {
      let table = StarTable.songplays
      let (name, once) = (Identifier(table.name).sql, "repeated_songplays")
      let columns = table.columns.map { Identifier($0.name).sql }.joined(separator: ", ")
      return Repeats(
        count: "SELECT count(*) - coalesce(max(songplay_id), 0) FROM \(name)",
        removal: [
          "DROP TABLE IF EXISTS \(once)",
          "CREATE TABLE \(once) AS\n\(SQLText.loadRepeatedSongplays)",
          "DELETE FROM \(name) WHERE songplay_id IN (SELECT songplay_id FROM \(once))",
          "INSERT INTO \(name) (\(columns))\nSELECT \(columns) FROM \(once)",
          "DROP TABLE \(once)",
        ])
    }
  }

  /// All statements of a stage, as a dry run tells them.
  ///
  /// - Parameter session: what each session begins with.
  func steps(_ stage: StageID, session: [String]) -> [String] {
    let removal = repeats.map { repeats in
      [repeats.count, "-- when there are any:"] + repeats.removal.map(Self.commented)
    }
    let filled =
      session + ["BEGIN", BuildSchema.unmarkStatement(stage)] + filling + (removal ?? []) + keys
      + ["COMMIT"]
    let finished = finishing.flatMap { session + ["BEGIN"] + $0 + ["COMMIT"] }
    let before = finishing.count > 1 ? ["-- at the same time, each on its session:"] : []
    let after = finishing.isEmpty ? [] : ["-- on the stage's first session:"]
    return filled + before + finished + after + ["BEGIN"] + BuildSchema.markStatements(stage)
      + ["COMMIT"]
  }

  /// A statement that may not be made, as a comment.
  static func commented(_ statement: String) -> String {
    statement.split(separator: "\n").map { "--   " + $0 }.joined(separator: "\n")
  }
}
