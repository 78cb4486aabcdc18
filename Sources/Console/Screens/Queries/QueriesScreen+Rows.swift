import Warehouse

extension QueriesScreen {
  /// Enter on a part of a chart, or on a row: the rows that it was made of, where the query says
  /// which these are; else the result's own rows.
  mutating func openRows(of shown: QueryResult, _ context: Context) -> [Request] {
    if shown.query.rows != nil, let row = shown.view.pointedRow {
      return openRows(behind: row.values, row.title, of: shown, context)
    }
    return openOwnRows(of: shown, context)
  }

  private mutating func openOwnRows(of shown: QueryResult, _ context: Context) -> [Request] {
    guard shown.view.pointed == nil else {
      result?.view.openItem()
      return []
    }
    let room = room(context)
    return result?.view.perform(.detail, in: room, glyphs: context.glyphs) ?? []
  }

  private mutating func openRows(
    behind row: [String?], _ title: String, of shown: QueryResult, _ context: Context
  ) -> [Request] {
    do throws(WarehouseError) {
      guard
        let statement = try shown.query.rowsBehind(
          row, columns: shown.view.columns, shown.values)
      else { return openOwnRows(of: shown, context) }
      let query = SavedQuery(
        name: shown.query.name + "-rows", title: title, sql: statement.written)
      var below = shown
      below.letGo()
      covered.append(below)
      return begin(
        QueryResult(query: query, values: [:], run: QueryRun([statement])), context)
    } catch {
      return [.overlay(.viewer(error.viewer))]
    }
  }

  /// Back to the result that the rows were opened from.
  mutating func uncover() -> [Request] {
    rememberLook()
    let isOpen = result?.isRunning == true || result?.phase == .paused
    result = covered.popLast()
    // What still comes of the rows is nobody's any more.
    runID += 1
    return isOpen ? [.effect(.queries(.cancel))] : []
  }
}
