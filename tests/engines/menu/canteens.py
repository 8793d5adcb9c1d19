"""A canteen for the tests: fourteen dishes, five days."""

CANTEEN = """
start: 2026-03-02
days: 5
portions: 400
categories:
  - {name: staple, least: 1, most: 1}
  - {name: main, least: 1, most: 2}
  - {name: green, least: 2, most: 3}
  - {name: drink, least: 0, most: 1}
dishes:
  - {name: rice, category: staple, fen: 60, grams: {rice: 130}}
  - {name: noodles, category: staple, fen: 80, grams: {noodles: 110}}
  - {name: pork with carrot, category: main, fen: 300, grams: {pork: 40, carrot: 60, cooking oil: 6}}
  - {name: braised beef, category: main, fen: 480, grams: {beef: 35, potato: 80, cooking oil: 6}}
  - {name: egg and tomato, category: main, fen: 220, grams: {egg: 50, tomato: 90, cooking oil: 6}}
  - {name: bean curd, category: main, fen: 150, grams: {dried bean curd: 35, carrot: 40, cooking oil: 4}}
  - {name: chicken, category: main, fen: 320, grams: {chicken: 40, tomato: 50, cooking oil: 5}}
  - {name: spinach, category: green, fen: 70, grams: {spinach: 110, cooking oil: 4}, months: [1, 2, 3, 4, 11, 12]}
  - {name: pak choi, category: green, fen: 60, grams: {pak choi: 120, cooking oil: 4}}
  - {name: broccoli, category: green, fen: 110, grams: {broccoli: 100, cooking oil: 4}}
  - {name: cabbage, category: green, fen: 50, grams: {cabbage: 120, cooking oil: 4}}
  - {name: radish, category: green, fen: 45, grams: {white radish: 120, cooking oil: 3}}
  - {name: melon, category: green, fen: 45, grams: {winter melon: 130, cooking oil: 3}, months: [7, 8]}
  - {name: milk, category: drink, fen: 200, grams: {milk: 200}}
"""
