// The room that turns rows into pictures; see Chart.
