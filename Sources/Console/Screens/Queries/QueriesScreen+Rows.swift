import Warehouse

extension QueriesScreen {
  /// Enter on a part of a chart, or on a row: the rows that it was made of, where the query says
  /// which these are; else the result's own rows.
  mutating func openRows(of shown: QueryResult, _ context: Context) -> [Request] {
    guard !shown.showsGrid else {
      guard shown.query.rows != nil, let row = shown.shownGrid.currentRow else {
        return perform(.detail, context)
      }
      return openRows(behind: row, shown.title(of: row), of: shown, context)
    }
    guard let item = shown.chart?.item(shown.item) else { return [] }
    guard shown.query.rows != nil, item.rows.count == 1, let index = item.rows.first,
      shown.grid.rows.indices.contains(index)
    else {
      result?.openItem()
      return []
    }
    return openRows(behind: shown.grid.rows[index], item.text, of: shown, context)
  }

  private mutating func openRows(
    behind row: [String?], _ title: String, of shown: QueryResult, _ context: Context
  ) -> [Request] {
    do throws(WarehouseError) {
      guard
        let statement = try shown.query.rowsBehind(
          row, columns: shown.columns, shown.values)
      else { return [] }
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
