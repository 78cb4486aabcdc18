import Synchronization

/// Runs `body` in a task of its own and returns at once with `.cancelled` when the caller's task is
/// cancelled; `body`'s task is then cancelled too, and finishes when it can.
func abandonable<Value: Sendable>(
  _ body: @escaping @Sendable () async throws(WarehouseError) -> Value
) async throws(WarehouseError) -> Value {
  let answer = FirstAnswer<Value>()
  let task = Task {
    do throws(WarehouseError) {
      answer.give(.success(try await body()))
    } catch {
      answer.give(.failure(error))
    }
  }
  let result = await withTaskCancellationHandler {
    await withCheckedContinuation { answer.expect($0) }
  } onCancel: {
    task.cancel()
    answer.give(.failure(.cancelled))
  }
  return try result.get()
}

/// Hands the first of several answers to the one who waits, who may come before it or after.
private final class FirstAnswer<Value: Sendable>: Sendable {
  typealias Answer = Result<Value, WarehouseError>

  private enum State {
    case empty
    case expected(CheckedContinuation<Answer, Never>)
    case given(Answer)
    case over
  }

  private let state = Mutex(State.empty)

  func expect(_ continuation: CheckedContinuation<Answer, Never>) {
    let answer = state.withLock { state -> Answer? in
      guard case .given(let answer) = state else {
        state = .expected(continuation)
        return nil
      }
      state = .over
      return answer
    }
    if let answer { continuation.resume(returning: answer) }
  }

  func give(_ answer: Answer) {
    let continuation = state.withLock { state -> CheckedContinuation<Answer, Never>? in
      switch state {
      case .empty: state = .given(answer)
      case .expected(let continuation):
        state = .over
        return continuation
      case .given, .over: break
      }
      return nil
    }
    continuation?.resume(returning: answer)
  }
}
