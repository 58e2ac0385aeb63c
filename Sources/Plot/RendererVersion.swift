/// The version of everything between a chart and its pixels.
///
/// A cache of rendered charts keys on it beside ``Chart/canonicalText``; it is raised whenever the
/// same chart would come out as other bytes.
package let rendererVersion = 1
