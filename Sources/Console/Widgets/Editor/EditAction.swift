/// What a person can do in a text editor, besides typing.
enum EditAction: Hashable, Sendable {
  case move(TextMovement)
  case breakLine, indent, outdent
  /// Says what fits behind the cursor: for whoever knows the names.
  case complete
  case deleteBack, deleteForward, deleteWordBack, deleteWordForward
  case undo, redo
  case selectAll, cut, cutRest, copy, paste
}
