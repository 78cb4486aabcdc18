/// The program: the console without arguments, the same engine without the screen otherwise.
@main
struct Sparkify {
  static func main() {}
}
