package dev.slackline.queue.testkit;

abstract class CrashCases {}
