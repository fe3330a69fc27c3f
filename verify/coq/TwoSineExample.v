(** * A two-sine network, proved

    The network that [approxcert check geometric --target 'abs(x0 - 1/3)' --dim 1 --base 2 --levels 4 --p inf
    --digits floor --decoder two-sine] builds, copied number by number: four layers that number the dyadic cells of x by
    floors, and corrections mid + gamma sin(w sin(1 + J)) with integers w of up to 48 bits (statement: arXiv 2604.20219;
    construction: docs/geometric.md). What is proved here holds for every real x of [0,1]: the sines are enclosed by
    CoqInterval inside Coq's kernel, nothing that another program computed is believed. *)

From Coq Require Import Reals QArith Qreals ZArith List Lia Lra.
From Interval Require Tactic.
From Interval Require Import Float.Specific_stdz Float.Specific_ops.
From Approxcert Require Import Sums Network Levels Cells FloorDigits GeometricLipschitz TwoSine.
Import ListNotations.

(** CoqInterval's tactic [interval] over floats made of Coq's own integers: no machine arithmetic to believe. *)
Module Floats := SpecificFloat StdZRadix2.
Module Enclosure := Interval.Tactic.IntervalTactic Floats.
Import Interval.Tactic(i_prec) Enclosure.

(** ** The network *)

Local Open Scope Q_scope.

Definition relu (ts : list (nat * Q)) (b : Q) : neuron Q := Act Relu (Affine ts b).
Definition floor (ts : list (nat * Q)) : neuron Q := Act Floor (Affine ts 0).
Definition sine (ts : list (nat * Q)) (b : Q) : neuron Q := Act Sine (Affine ts b).

(** Layer t: X carries x; G = floor(2^t x) and F = floor(x), so that J_t = G - F is the number of the cell;
    I = sin(1 + J_(t-1)); O = sin(w I); S carries the readout of the level before, plus 1. *)
Definition example : network Q := Network 1
  [ [ relu [(0%nat, 1)] 0                                              (* X *)
    ; floor [(0%nat, 2)]                                               (* G *)
    ; floor [(0%nat, 1)]                                               (* F *)
    ; relu [] (2806045300053 # 2199023255552) ]                        (* S *)
  ; [ relu [(0%nat, 1)] 0                                              (* X *)
    ; floor [(0%nat, 4)]                                               (* G *)
    ; floor [(0%nat, 1)]                                               (* F *)
    ; sine [(1%nat, 1); (2%nat, -1)] 1                                 (* I, level 1 *)
    ; relu [(3%nat, 1)] 0 ]                                            (* S *)
  ; [ relu [(0%nat, 1)] 0                                              (* X *)
    ; floor [(0%nat, 8)]                                               (* G *)
    ; floor [(0%nat, 1)]                                               (* F *)
    ; sine [(3%nat, 36)] 0                                             (* O, level 1 *)
    ; sine [(1%nat, 1); (2%nat, -1)] 1                                 (* I, level 2 *)
    ; relu [(4%nat, 1)] 0 ]                                            (* S *)
  ; [ floor [(0%nat, 16)]                                              (* G *)
    ; floor [(0%nat, 1)]                                               (* F *)
    ; sine [(4%nat, 5021)] 0                                           (* O, level 2 *)
    ; sine [(1%nat, 1); (2%nat, -1)] 1                                 (* I, level 3 *)
    ; relu [(3%nat, 9 # 64); (5%nat, 1)] (1 # 1024) ]                  (* S *)
  ; [ sine [(3%nat, 1286020)] 0                                        (* O, level 3 *)
    ; sine [(0%nat, 1); (1%nat, -1)] 1                                 (* I, level 4 *)
    ; relu [(2%nat, 257 # 2048); (4%nat, 1)] (7 # 2048) ]              (* S *)
  ; [ sine [(1%nat, 237135354719626)] 0                                (* O, level 4 *)
    ; relu [(0%nat, 267 # 4096); (2%nat, 1)] (3 # 2048) ] ]            (* S *)
  [ Readout 0 2 (Affine [(4%nat, 1)] (-1))
  ; Readout 1 3 (Affine [(3%nat, 9 # 64); (5%nat, 1)] (-1023 # 1024))
  ; Readout 2 4 (Affine [(2%nat, 257 # 2048); (4%nat, 1)] (-2041 # 2048))
  ; Readout 3 5 (Affine [(0%nat, 267 # 4096); (2%nat, 1)] (-2045 # 2048))
  ; Readout 4 6 (Affine [(0%nat, 153 # 4096); (1%nat, 1)] (-8201 # 8192)) ].

(** ** What it approximates, and how well *)

Local Open Scope R_scope.

Definition target (x : R) : R := Rabs (x - 1/3).

(** The errors that the certificate states: 0.3907, 0.2535, 0.1290, 0.0697, 0.0351. *)
Definition error (l : nat) : R :=
  match l with
  | 0%nat => 429496729651 / 1099511627776
  | 1%nat => 557376587137 / 2199023255552
  | 2%nat => 566951634767 / 4398046511104
  | 3%nat => 612998917309 / 8796093022208
  | _ => 616954730973 / 17592186044416
  end.

(** ** It is a network of TwoSine.v *)

Local Open Scope Q_scope.

(** The value of level 0, and mid, gamma, w of the levels 1, ..., 4. *)
Definition start : Q := 607022044501 # 2199023255552.
Definition example_sines (t : nat) : sines :=
  match t with
  | 1%nat => Sines (1 # 1024) (9 # 64) 36
  | 2%nat => Sines (7 # 2048) (257 # 2048) 5021
  | 3%nat => Sines (3 # 2048) (267 # 4096) 1286020
  | _ => Sines (-9 # 8192) (153 # 4096) 237135354719626
  end.

Local Open Scope R_scope.

(** Neuron by neuron and weight by weight. *)
Lemma example_is_sine_network : example = sine_network 1 2 4 start example_sines.
Proof. vm_compute. reflexivity. Qed.

(** The value on the cell number J of level l. *)
Definition stored : nat -> Z -> R := given 1 2 start example_sines.

Lemma example_computes : forall x l, 0 <= x <= 1 -> (l <= 4)%nat ->
  Phi (real example) l [x] = stored l (cell 2 l x).
Proof.
  intros x l Hx Hl. rewrite example_is_sine_network, sine_network_computes; [|lia| |assumption].
  - unfold stored. f_equal. unfold cell_number. cbn [number]. change (coord 0 [x]) with x.
    change (Z.of_nat 0) with 0%Z. ring.
  - split; [reflexivity|]. intros [|i] Hi; [assumption|lia].
Qed.

(** Computes the integers that a literal cell number and level leave behind. *)
Ltac compute_in term := let v := eval vm_compute in term in change term with v.
Ltac literal :=
  cbn [Z.of_nat Pos.of_succ_nat Pos.succ Nat.sub];
  repeat match goal with
  | |- context [parent 1 2 ?k ?J] => compute_in (parent 1 2 k J)
  | |- context [Z.eqb ?a ?b] => compute_in (Z.eqb a b)
  | |- context [digit ?b ?i ?J] => compute_in (digit b i J)
  end.

(** Writes [stored] on a literal cell out, as an expression in sines and rational numbers. *)
Ltac write_out :=
  unfold stored; cbn [given]; literal;
  unfold sine_value, start, example_sines, Q2R; cbn [mid gamma weight Qnum Qden].

(** Tells the cells n < 2^l of the levels l <= 4 apart. *)
Ltac each_cell l n :=
  destruct l as [|[|[|[|[|l]]]]]; [..|lia];
  match goal with H : (n < 2 ^ _)%nat |- _ => cbn in H end;
  do 16 try (destruct n as [|n]; [|]); try lia.

(** ** It is near the target *)

(** On every closed cell of every level: one enclosure for each of the 31 cells. *)
Lemma stored_near : forall l n x, (l <= 4)%nat -> (n < 2 ^ l)%nat ->
  INR n / 2 ^ l <= x <= (INR n + 1) / 2 ^ l -> Rabs (target x - stored l (Z.of_nat n)) <= error l.
Proof.
  intros l n x Hl Hn Hx. rewrite INR_IZR_INZ in Hx.
  each_cell l n; unfold target, error; write_out; cbn in Hx; interval with (i_prec 100).
Qed.

(** At every point of [0,1], the closed interval, the readout of every level is as near to |x - 1/3| as the certificate
    says: within 0.3907, 0.2535, 0.1290, 0.0697, 0.0351 at the levels 0, ..., 4. *)
Theorem two_sine_example : forall x l, 0 <= x <= 1 -> (l <= 4)%nat ->
  Rabs (target x - Phi (real example) l [x]) <= error l.
Proof.
  intros x l Hx Hl. rewrite example_computes by assumption.
  pose proof (cell_range 2 l x ltac:(lia) Hx) as R. pose proof (cell_closed 2 l x ltac:(lia) Hx) as C.
  pose proof (pow_N_pos 2 l ltac:(lia)) as P.
  destruct (Z_of_nat_complete (cell 2 l x) (proj1 R)) as [n En]. rewrite En, <- ?INR_IZR_INZ in *.
  change (INR 2) with 2 in *.
  apply stored_near; [assumption| |].
  - apply Nat2Z.inj_lt. rewrite Nat2Z.inj_pow. exact (proj2 R).
  - split; apply Rmult_le_reg_r with (1 := P); unfold Rdiv; rewrite Rmult_assoc, Rinv_l by lra; lra.
Qed.

(** ** It passes the list of TwoSine.v *)

(** A point in the cell number J of level l: its centre, or in the cell around the kink 1/3 one to the right of it where
    the target takes its mean over the cell. *)
Definition chosen (l : nat) (J : Z) : R :=
  if (J =? 2 ^ Z.of_nat l / 3)%Z then 1 / 3 + 5 / 18 / 2 ^ l else (IZR J + 1 / 2) / 2 ^ l.

Lemma cells_are_numbered : forall l J, (0 <= J < grid 2 (l * 1))%Z -> exists n, J = Z.of_nat n /\ (n < 2 ^ l)%nat.
Proof.
  intros l J HJ. destruct (Z_of_nat_complete J (proj1 HJ)) as [n ->]. exists n. split; [reflexivity|].
  apply Nat2Z.inj_lt. rewrite Nat2Z.inj_pow. rewrite Nat.mul_1_r in HJ. exact (proj2 HJ).
Qed.

(** All inequalities, one for each cell of the levels 1, ..., 4: the sines hit the values of the target at the points
    chosen, up to 1/16 of 2^-l. *)
Theorem two_sine_example_hits :
  sines_hit 1 2 4 start example_sines (fun l J => target (chosen l J)) (fun l => 1 / 16 / 2 ^ l).
Proof.
  split; [unfold target, chosen, start, Q2R; cbn; interval with (i_prec 60)|].
  intros t J Ht HJ. destruct (cells_are_numbered t J HJ) as [n [-> Hn]]. clear HJ.
  destruct t as [|t]; [lia|]. assert (Hl : (t < 4)%nat) by lia. clear Ht.
  split; [do 4 (destruct t as [|t]; [unfold Q2R; cbn; lra|]); lia|].
  destruct t as [|[|[|[|t]]]]; [..|lia]; cbn in Hn.
  all: do 16 try (destruct n as [|n]; [|]); try lia.
  all: unfold aim, target, chosen; write_out; cbn; interval with (i_prec 70).
Qed.

Lemma chosen_in_cell : forall l J, (l <= 4)%nat -> (0 <= J < grid 2 (l * 1))%Z -> in_cell 1 2 l J [chosen l J].
Proof.
  intros l J Hl HJ. destruct (cells_are_numbered l J HJ) as [n [-> Hn]]. clear HJ.
  assert (B : 0 <= chosen l (Z.of_nat n) <= 1 /\
    IZR (digit (grid 2 l) 0 (Z.of_nat n)) <= INR 2 ^ l * chosen l (Z.of_nat n)
      <= IZR (digit (grid 2 l) 0 (Z.of_nat n)) + 1).
  { each_cell l n; unfold chosen; literal; cbn; lra. }
  repeat split; destruct i as [|i]; try lia; cbn [coord nth]; apply B.
Qed.

Lemma target_lipschitz : lipschitz 1 1 (fun x => target (coord 0 x)).
Proof.
  intros x y _ _. unfold target, l1. cbn [sum]. rewrite Rplus_0_l, Rmult_1_l.
  eapply Rle_trans; [apply Rabs_triang_inv2|]. right. f_equal. ring.
Qed.

(** So TwoSine.v applies: within 3/2^l at every level l, the bound (2d+1) K N^-l that arXiv 2604.20219 states. *)
Theorem two_sine_example_stated : forall x l, 0 <= x <= 1 -> (l <= 4)%nat ->
  Rabs (target x - Phi (real example) l [x]) <= 3 / 2 ^ l.
Proof.
  intros x l Hx Hl. rewrite example_is_sine_network. change x with (coord 0 [x]) at 1.
  replace (3 / 2 ^ l) with ((2 * INR 1 + 1) * 1 / INR 2 ^ l) by (simpl INR; f_equal; ring).
  apply (sine_network_rate 1 2 4 start example_sines (fun l J => target (chosen l J)) (fun l => 1 / 16 / 2 ^ l) 1
    (fun x => target (coord 0 x))); [lia|lra|exact target_lipschitz| |exact two_sine_example_hits| |assumption|].
  - intros k J Hk HJ. exists [chosen k J], [chosen k J].
    split; [|split; [|cbn [coord nth]; lra]]; apply chosen_in_cell; assumption.
  - intros k _. change (INR 2) with 2. simpl INR. unfold Rdiv. apply Rmult_le_compat_r; [|lra].
    left. apply Rinv_0_lt_compat, pow_lt. lra.
  - split; [reflexivity|]. intros [|i] Hi; [assumption|lia].
Qed.

(** It is well formed, of width 6 = 3d+3 and depth 6 = L+2, with readouts of the levels 0, ..., 4. *)
Theorem two_sine_example_size : well_formed example /\ width example = 6%nat /\ depth example = 6%nat /\
  map level (readouts example) = [0; 1; 2; 3; 4]%nat.
Proof.
  repeat match goal with |- _ /\ _ => split end; [|vm_compute; reflexivity..].
  split; repeat constructor; cbn; lia.
Qed.
