package io.accel.tools.bench;

import java.util.List;

/**
 * Contenders that are compared with each other, and what they are held to.
 *
 * @param name       as on the command line
 * @param title      one line
 * @param metrics    the columns
 * @param contenders the rows; they take turns, so that a disturbance of the machine meets all of them
 * @param budgets    ratios between two of the rows
 */
record Section(String name, String title, List<String> metrics, List<Contender> contenders, List<Budget> budgets) {
}
