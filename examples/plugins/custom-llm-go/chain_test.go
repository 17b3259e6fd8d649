package main

import (
	"math"
	"math/rand"
	"strings"
	"testing"
)

func TestTheLowerTheTemperatureTheMoreOftenTheMostFrequentWordIsChosen(t *testing.T) {
	words := strings.Fields("rare " + strings.Repeat("often ", 1000))
	for _, temperature := range []float64{0, math.SmallestNonzeroFloat64, 1e-9, 0.001, 0.1} {
		for seed := int64(0); seed < 100; seed++ {
			word := choose(words, temperature, rand.New(rand.NewSource(seed)))
			if word != "often" {
				t.Fatalf("'%s' at temperature %g", word, temperature)
			}
		}
	}
	chosen := map[string]int{}
	for seed := int64(0); seed < 1000; seed++ {
		chosen[choose(strings.Fields("a b b b"), 1, rand.New(rand.NewSource(seed)))]++
	}
	if chosen["b"] < 600 || chosen["b"] > 900 {
		t.Errorf("at temperature 1: %v", chosen)
	}
}
