package dev.slackline.queue.testkit;

abstract class BadInputCases {}
