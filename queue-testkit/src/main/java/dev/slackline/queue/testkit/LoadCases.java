package dev.slackline.queue.testkit;

abstract class LoadCases {}
