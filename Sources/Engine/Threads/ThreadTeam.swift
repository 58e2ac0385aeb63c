import COpenBLAS
import Foundation
import Synchronization

/// The threads a process computes with: the caller and helpers that wait for work between kernels.
///
/// Kernels follow one another within microseconds, so a helper first spins for its next piece of work
/// and only sleeps when none comes. Which thread computes what never depends on timing.
///
/// `@unchecked Sendable`: `job` and `helpers` are only touched by the thread that holds `isBusy`, and
/// helpers read `job` between the ticket that announces it and their entry in `running`.
final class ThreadTeam: @unchecked Sendable {
  static let shared = ThreadTeam()

  init() {}

  private var helpers: [pthread_t] = []
  private var job: ((Int) -> Void)?
  private let isBusy = Atomic(false)
  private let isClosing = Atomic(false)
  /// Raised by one for every job.
  private let ticket = Atomic(0)
  private let running = Atomic(0)
  private let sleeping = Atomic(0)
  private let doorbell = Doorbell()

  /// Threads a job is divided among; 1 unless ``resize(to:)`` was called.
  var count: Int { size.load(ordering: .relaxed) }
  private let size = Atomic(1)

  /// Starts or ends helpers so that `count` threads work on each job.
  func resize(to count: Int) {
    let wanted = max(1, count)
    guard wanted != self.count else { return }
    while isBusy.exchange(true, ordering: .acquiring) { sched_yield() }
    defer { isBusy.store(false, ordering: .releasing) }
    isClosing.store(true, ordering: .releasing)
    announce()
    for helper in helpers { pthread_join(helper, nil) }
    helpers = []
    isClosing.store(false, ordering: .releasing)
    let start = ticket.load(ordering: .relaxed)
    for part in 1..<wanted {
      var thread = pthread_t()
      let seat = Unmanaged.passRetained(Seat(team: self, part: part, ticket: start))
      let code = pthread_create(
        &thread, nil,
        { argument in
          guard let argument else { return nil }
          let seat = Unmanaged<Seat>.fromOpaque(argument).takeRetainedValue()
          seat.team.help(as: seat.part, after: seat.ticket)
          return nil
        }, seat.toOpaque())
      guard code == 0 else {  // fewer threads than asked for are slower, not wrong
        seat.release()
        break
      }
      helpers.append(thread)
    }
    size.store(helpers.count + 1, ordering: .relaxed)
  }

  /// Runs `body(part, parts)` for every part, each on its own thread, and waits for all.
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
      running.store(parts - 1, ordering: .relaxed)
      announce()
      body(0, parts)
      var spins = 0
      while running.load(ordering: .acquiring) > 0 {
        spins += 1
        if spins < 20_000 { ftreport_pause() } else { sched_yield() }
      }
      job = nil
    }
    isBusy.store(false, ordering: .releasing)
  }

  private func announce() {
    ticket.wrappingAdd(1, ordering: .sequentiallyConsistent)
    if sleeping.load(ordering: .sequentiallyConsistent) > 0 { doorbell.ring() }
  }

  private func help(as part: Int, after first: Int) {
    var last = first
    while true {
      var spins = 0
      while ticket.load(ordering: .sequentiallyConsistent) == last {
        spins += 1
        if spins < 5000 {
          ftreport_pause()
        } else {
          sleeping.wrappingAdd(1, ordering: .sequentiallyConsistent)
          doorbell.wait { ticket.load(ordering: .sequentiallyConsistent) == last }
          sleeping.wrappingSubtract(1, ordering: .sequentiallyConsistent)
        }
      }
      last = ticket.load(ordering: .acquiring)
      if isClosing.load(ordering: .acquiring) { return }
      work(part)
      running.wrappingSubtract(1, ordering: .releasing)
    }
  }

  /// Apart from the loop, so that the job is let go of before the caller is told.
  @inline(never)
  private func work(_ part: Int) { job?(part) }

  private final class Seat {
    let team: ThreadTeam
    let part: Int
    let ticket: Int

    init(team: ThreadTeam, part: Int, ticket: Int) {
      self.team = team
      self.part = part
      self.ticket = ticket
    }
  }
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
