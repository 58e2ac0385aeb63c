import COpenBLAS
import Foundation
import Synchronization

/// The threads a process computes with: the caller and helpers that wait for work between kernels.
///
/// A job has as many parts as there are threads, and every thread takes a part that none has
/// taken: what a part computes never depends on who computes it, and a helper that the system keeps
/// waiting delays nobody. Kernels follow one another within microseconds, so a helper first spins
/// for its next part and only sleeps when none comes.
///
/// `@unchecked Sendable`: `job` and `helpers` are written only by the thread that holds `isBusy`,
/// `job` before `open` offers its parts and after all of them are done.
final class ThreadTeam: @unchecked Sendable {
  static let shared = ThreadTeam()

  private var helpers: [pthread_t] = []
  private var job: ((Int) -> Void)?
  private let isBusy = Atomic(false)
  private let isClosing = Atomic(false)
  /// The job's number times ``turns`` plus the parts that no thread has taken.
  ///
  /// Counted down, so that this one word shows what is left to take: a helper that compared it with
  /// a number of parts read apart could take a part that a smaller job does not have.
  private let open = Atomic(0)
  private let unfinished = Atomic(0)
  private let sleeping = Atomic(0)
  private let doorbell = Doorbell()
  private let size = Atomic(1)
  private static let turns = 1 << 16

  init() {}

  /// Threads a job is divided among; 1 unless ``resize(to:)`` was called.
  var count: Int { size.load(ordering: .relaxed) }

  /// Starts or ends helpers so that `count` threads work on each job.
  func resize(to count: Int) {
    let wanted = min(max(1, count), Self.turns / 2)
    guard wanted != self.count else { return }
    while isBusy.exchange(true, ordering: .acquiring) { sched_yield() }
    defer { isBusy.store(false, ordering: .releasing) }
    isClosing.store(true, ordering: .sequentiallyConsistent)
    doorbell.ring()
    for helper in helpers { pthread_join(helper, nil) }
    helpers = []
    isClosing.store(false, ordering: .sequentiallyConsistent)
    for _ in 1..<wanted {
      var thread = pthread_t()
      let team = Unmanaged.passRetained(self)
      let code = pthread_create(
        &thread, nil,
        { argument in
          guard let argument else { return nil }
          Unmanaged<ThreadTeam>.fromOpaque(argument).takeRetainedValue().help()
          return nil
        }, team.toOpaque())
      guard code == 0 else {  // fewer threads than requested are slower, not wrong
        team.release()
        break
      }
      helpers.append(thread)
    }
    size.store(helpers.count + 1, ordering: .relaxed)
  }

  /// Runs `body(part, parts)` for every part, on as many threads as are free, and waits for all.
  ///
  /// A second caller, or a body that calls this itself, runs all parts on its own thread.
  func run(_ body: (_ part: Int, _ parts: Int) -> Void) {
    let parts = count
    guard parts > 1 else { return body(0, 1) }
    guard !isBusy.exchange(true, ordering: .acquiring) else {
      for part in 0..<parts { body(part, parts) }
      return
    }
    withoutActuallyEscaping(body) { body in
      job = { body($0, parts) }
      unfinished.store(parts, ordering: .relaxed)
      let number = open.load(ordering: .relaxed) / Self.turns + 1
      open.store(number * Self.turns + parts, ordering: .sequentiallyConsistent)
      if sleeping.load(ordering: .sequentiallyConsistent) > 0 { doorbell.ring() }
      while let part = takePart() { work(part) }
      var spins = 0
      while unfinished.load(ordering: .acquiring) > 0 {
        spins += 1
        if spins < 20_000 { ftreport_pause() } else { sched_yield() }
      }
      job = nil
    }
    isBusy.store(false, ordering: .releasing)
  }

  /// A part of the present job, or nil where all are taken.
  private func takePart() -> Int? {
    var seen = open.load(ordering: .acquiring)
    while seen % Self.turns > 0 {
      let (done, found) = open.compareExchange(
        expected: seen, desired: seen - 1, ordering: .acquiringAndReleasing)
      if done { return seen % Self.turns - 1 }
      seen = found
    }
    return nil
  }

  private func help() {
    var spins = 0
    while !isClosing.load(ordering: .acquiring) {
      if let part = takePart() {
        work(part)
        spins = 0
      } else if spins < 5000 {
        spins += 1
        ftreport_pause()
      } else {
        sleeping.wrappingAdd(1, ordering: .sequentiallyConsistent)
        doorbell.wait {
          open.load(ordering: .sequentiallyConsistent) % Self.turns == 0
            && !isClosing.load(ordering: .sequentiallyConsistent)
        }
        sleeping.wrappingSubtract(1, ordering: .sequentiallyConsistent)
        spins = 0
      }
    }
  }

  /// Computes a part; a separate function, so that the job is released before the part counts as done.
  private func work(_ part: Int) {
    perform(part)
    unfinished.wrappingSubtract(1, ordering: .releasing)
  }

  @inline(never)
  private func perform(_ part: Int) { job?(part) }
}

/// Where helpers sleep until they are rung for.
private final class Doorbell: @unchecked Sendable {  // both are made to be shared
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  func ring() {
    pthread_mutex_lock(mutex)
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(mutex)
  }

  /// Sleeps while `isIdle`.
  func wait(while isIdle: () -> Bool) {
    pthread_mutex_lock(mutex)
    while isIdle() { pthread_cond_wait(condition, mutex) }
    pthread_mutex_unlock(mutex)
  }
}
