import Warehouse

extension QueriesScreen {
  func form(for query: SavedQuery) -> Form {
    let known = values[query.name] ?? [:]
    return Form(
      title: query.title, purpose: .runQuery(query.name),
      fields: query.parameters.map { parameter in
        let value = known[parameter.name] ?? parameter.standard ?? ""
        return Form.Field(
          name: parameter.name, note: parameter.kind.rawValue, choices: parameter.choices,
          input: InputField(value))
      })
  }

  static func copyForm(_ query: SavedQuery) -> Form {
    Form(
      title: "Save a copy of \(query.name)", purpose: .copyQuery(query.name),
      fields: [
        .init(name: "name", note: "such as plays-by-city", input: InputField(query.name + "-2"))
      ])
  }

  /// Why a new query cannot have this name, as far as is known here; nil when it can.
  func problem(ofName typed: String) -> String? {
    do throws(WarehouseError) {
      let name = try QueryLibrary.checked(typed)
      guard let folder = listing.value?.folder, let path = listing.value?.paths[name],
        path == "\(folder)/\(name).sql"
      else { return nil }
      return "There is a query of this name already."
    } catch {
      return error.hint ?? error.message
    }
  }

  /// Takes the values of a form: what they lead to, or the form with what is wrong with it.
  mutating func accept(_ form: Form, _ context: Context) -> Result<[Request], FormProblem> {
    switch form.purpose {
    case .runQuery(let name): return acceptValues(form, name, context)
    case .copyQuery(let name):
      return named(form) { .copy(name, to: $0) }
    case .createQuery(let sql):
      return named(form) { .create($0, text: form.queryText(sql)) }
    case .export, .teardown: return .success([])
    }
  }

  /// Has a query written under the name in the form, or says what is wrong with that.
  private func named(
    _ form: Form, _ effect: (String) -> QueriesEffect
  ) -> Result<[Request], FormProblem> {
    let name = form.value("name")
    guard let problem = problem(ofName: name) else {
      return .success([.effect(.queries(effect(name)))])
    }
    var form = form
    form.fields[0].problem = problem
    form.select(0)
    return .failure(FormProblem(form: form))
  }

  private mutating func acceptValues(
    _ form: Form, _ name: String, _ context: Context
  ) -> Result<[Request], FormProblem> {
    guard let query = listing.value?.queries.first(where: { $0.name == name }) ?? result?.query
    else { return .success([]) }
    var form = form
    var given: [String: String] = [:]
    for (index, field) in form.fields.enumerated() {
      guard let parameter = query.parameters.first(where: { $0.name == field.name }) else {
        continue
      }
      do throws(WarehouseError) {
        _ = try parameter.value(field.value)
        given[field.name] = field.value
      } catch {
        form.fields[index].problem = error.hint ?? error.message
      }
    }
    if let wrong = form.fields.firstIndex(where: { $0.problem != nil }) {
      form.select(wrong)
      return .failure(FormProblem(form: form))
    }
    return .success(run(query, given, context))
  }

  // MARK: Export

  /// Asks where the rows go, and which.
  func export(_ context: Context) -> [Request] {
    do throws(WarehouseError) {
      guard let query = selected, let statements = try statements else { return [] }
      let shown = mode == .result ? result : nil
      let all = ExportOffer.Choice(
        title: "all",
        source: .run(QueryRun(statements), shown?.view.grid.extent.total ?? .unknown))
      let view = shown?.view
      let offer = ExportOffer(
        title: query.title, name: query.name,
        choices: (view?.showsGrid == true ? view?.shownGrid.exports ?? [] : []) + [all],
        chart: view?.chartText(width: context.body.columns - 4, glyphs: context.glyphs))
      return [.overlay(.form(offer.form))]
    } catch {
      return [.overlay(.viewer(error.viewer))]
    }
  }
}

extension Grid {
  /// What can be written of it: the marked rows when there are some, the rows that are here; both
  /// with the columns as they are shown.
  var exports: [ExportOffer.Choice] {
    var choices: [ExportOffer.Choice] = []
    if !marks.isEmpty {
      choices.append(
        .init(title: "\(Quantity.count(marks.count)) marked", source: .rows(outgoing(marks.values)))
      )
    }
    if isComplete, !rows.isEmpty {
      var title = "as shown"
      if case .moreThan(let count) = extent.total { title = "first \(Quantity.count(count))" }
      choices.append(.init(title: title, source: .rows(outgoing(rows))))
    }
    return choices
  }
}

/// A form whose values cannot be taken, with why.
struct FormProblem: Error, Equatable {
  var form: Form
}
