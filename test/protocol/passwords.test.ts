import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { newPasswordProblem } from '../../src/protocol/passwords.ts';

const NAMES = ['wilhelmina', 'Wilhelmina Featherstone', 'mina@featherstone.example'];
const problem = (password: string) => newPasswordProblem(password, NAMES);

describe('a new password', () => {
  it('is good with 15 characters and short with 14', () => {
    assert.equal(problem('kestrel-tomato1'), undefined);
    assert.equal(problem('kestrel-tomato'), 'short');
    assert.equal(problem(''), 'short');
  });

  it('may have any characters: spaces, other scripts, and each code point counts as one', () => {
    assert.equal(problem('through the looking glass'), undefined);
    assert.equal(problem('鏡の国のアリスとお茶会の時間です'), undefined);
    assert.equal(problem('🦊🐇🎩🫖🃏👑🐛🍄🌹🐢🦩🦔🐭🐈'), 'short');
    assert.equal(problem('🦊🐇🎩🫖🃏👑🐛🍄🌹🐢🦩🦔🐭🐈🦜'), undefined);
  });

  it('needs no digits, capitals or signs, and may be very long', () => {
    assert.equal(problem('correct horse battery staple'), undefined);
    assert.equal(problem('correct horse battery staple '.repeat(30)), undefined);
  });

  it('is easy where it is a short piece again and again', () => {
    for (const password of [
      'aaaaaaaaaaaaaaa',
      '111111111111111111',
      '123412341234123412',
      'passwordpassword',
      'tomatotomatotomato',
      'Tomato1Tomato1Tom',
      '               ',
    ]) {
      assert.equal(problem(password), 'easy', password);
    }
  });

  it('is easy where fingers run along the keyboard, or the alphabet', () => {
    for (const password of [
      'abcdefghijklmnopqrst',
      '123456789012345',
      '1234567890qwertyuiop',
      'qwertyuiopasdfghjkl',
      'QWERTYUIOPASDFGHJKL',
      'aaaabbbbccccdddd',
    ]) {
      assert.equal(problem(password), 'easy', password);
    }
  });

  it('is easy where there is little more to it than the person’s names, or the word itself', () => {
    for (const password of [
      'WilhelminaFeatherstone',
      'wilhelmina.featherstone.1985',
      'featherstone-1234',
      'Featherstone19850412',
      'password123456789',
      'MyPassword12345!',
      'wilhelminawilhelmina!',
    ]) {
      assert.equal(problem(password), 'easy', password);
    }
    assert.equal(problem('wilhelmina likes toadstools'), undefined);
  });

  it('is not held against names that are empty or short', () => {
    assert.equal(newPasswordProblem('kestrel-tomato1', ['', 'o', 'to', '  ']), undefined);
  });
});
