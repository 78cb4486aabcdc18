extension Keymap {
  static let cluster: [Binding] = [
    at(
      .screen(.cluster), ["p"], .provision, "provision",
      "Make the warehouse ready: an embedded one is started, one in the cloud is made as configured.",
      hint: "provision"),
    cluster("z", .pause, "pause", "Pause the cluster: its nodes cost nothing until it is resumed."),
    cluster("u", .resume, "resume", "Resume the cluster."),
    cluster("s", .snapshot, "snapshot", "Make a snapshot, which stays until it is deleted."),
    cluster("w", .resize, "resize", "Give it another number of nodes, or of processing units."),
    cluster(
      "D", .teardown, "tear down", "Delete all that provisioning made; asks for the name first."),
    cluster("c", .cancel, "cancel", "Wait no longer for what is being done in the cloud."),
    cluster(
      "+", .putOffPause, "put off the pause", "Count the time until the cluster is paused anew."),
    at(
      .screen(.cluster), ["e"], .editConfiguration, "edit",
      "Open the configuration in $VISUAL or $EDITOR, and read it again afterwards.", hint: "edit"),
    at(
      .screen(.cluster), ["R"], .reload, "reload",
      "Read the configuration again, and connect again.", hint: "reload"),
    at(
      .screen(.cluster), ["r"], .cluster(.check), "check again",
      "Try every step on the way to the warehouse again.", hint: "check"),
    at(
      .screen(.cluster), [.enter], .open, "details", "The whole value or step.", hint: "details"),
    at(.screen(.cluster), ["y"], .copy, "copy", "Copy the value.", hint: "copy"),
    at(
      .screen(.cluster), [.right, "l"], .right, "next pane", "Go to the next pane.",
      hint: "next pane"),
    at(.screen(.cluster), [.left, "h"], .left, "pane before", "Go to the pane before."),
  ]

  private static func cluster(
    _ key: Key, _ action: ClusterAction, _ title: String, _ help: String
  ) -> Binding {
    at(.screen(.cluster), [key], .cluster(action), title, help, hint: title)
  }
}
