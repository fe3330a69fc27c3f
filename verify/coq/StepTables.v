(** * Steps of a sweep in a table, and what they add up to at finer nodes

    A sweep is written down as a list of nodes k of mesh 1/m with integer steps. Here: a table to look a step up by
    its node, and that at the node l of a grid q times finer q times the sum of step * hat is the sum of the steps
    at the coarse nodes floor((l + j) / q), j < q (HatRefinement.v): integers, no rounding. *)

From Coq Require Import Reals ZArith List FMapPositive Lia Lra.
From Approxcert Require Import Sums Network Totals KuhnHat HatPartition HatNetwork Erosion ErosionRate HatRefinement KuhnTarget.
Import ListNotations.
Local Open Scope R_scope.

(** ** Nodes as numbers *)

(** The digits [k] in base [b], the first one lowest. *)
Definition digits (b : Z) (k : list Z) : Z := fold_right (fun z n => (z + b * n)%Z) 0%Z k.
(** A node's key, from 1; b = m + 1 on the grid of mesh 1/m. *)
Definition key (b : Z) (k : list Z) : positive := Z.to_pos (1 + digits b k).

(** Whether the integers [k] are a node of mesh 1/m in the cube of dimension d. *)
Definition on_grid (d m : nat) (k : list Z) : bool :=
  (Nat.eqb (length k) d && forallb (fun z => (0 <=? z)%Z && (z <=? Z.of_nat m)%Z) k)%bool.

Lemma on_grid_node : forall d m k, on_grid d m k = true -> In k (nodes d m).
Proof.
  intros d m k H. apply andb_prop in H. destruct H as [Hl H]. apply Nat.eqb_eq in Hl. apply nodes_spec. split; [assumption|].
  intros i Hi. rewrite forallb_forall in H. assert (Hn : In (nth i k 0%Z) k) by (apply nth_In; lia).
  specialize (H _ Hn). apply andb_prop in H. lia.
Qed.

Lemma digits_injective : forall d m k l, In k (nodes d m) -> In l (nodes d m) ->
  (0 <= digits (Z.of_nat (S m)) k)%Z /\ (digits (Z.of_nat (S m)) k = digits (Z.of_nat (S m)) l -> k = l).
Proof.
  induction d; intros m k l Hk Hl; cbn [nodes] in *.
  - destruct Hk as [<-|[]], Hl as [<-|[]]. split; [cbn; lia|reflexivity].
  - apply in_flat_map in Hk, Hl. destruct Hk as (i & Hi & Hk), Hl as (j & Hj & Hl).
    apply in_map_iff in Hk, Hl. destruct Hk as (k' & <- & Hk), Hl as (l' & <- & Hl). apply in_seq in Hi, Hj.
    destruct (IHd m k' l' Hk Hl) as [Pk Inj]. destruct (IHd m l' l' Hl Hl) as [Pl _].
    unfold digits in *. cbn [fold_right]. set (a := fold_right _ _ k') in *. set (b := fold_right _ _ l') in *.
    split; [nia|]. intros E. assert (a = b /\ i = j) as [Ea ->]; [|f_equal; apply Inj; assumption].
    assert (a = b) by nia. split; [assumption|]. subst a. lia.
Qed.

Lemma key_injective : forall d m k l, In k (nodes d m) -> In l (nodes d m) ->
  key (Z.of_nat (S m)) k = key (Z.of_nat (S m)) l -> k = l.
Proof.
  intros d m k l Hk Hl E. destruct (digits_injective d m k l Hk Hl) as [Pk H]. destruct (digits_injective d m l k Hl Hk) as [Pl _].
  unfold key in E. apply H. apply Z2Pos.inj in E; lia.
Qed.

(** ** The table *)

(** A node and its step. *)
Definition entry : Type := list Z * Z.

Definition look (t : PositiveMap.t Z) (n : positive) : Z := match PositiveMap.find n t with Some z => z | None => 0%Z end.

(** The steps by their nodes' keys. *)
Definition table (b : Z) (steps : list entry) : PositiveMap.t Z :=
  fold_right (fun s t => let n := key b (fst s) in PositiveMap.add n (snd s + look t n)%Z t) (PositiveMap.empty Z) steps.

Lemma look_table : forall d m steps k, (forall s, In s steps -> In (fst s) (nodes d m)) -> In k (nodes d m) ->
  IZR (look (table (Z.of_nat (S m)) steps) (key (Z.of_nat (S m)) k)) = total steps (fun s => IZR (snd s) * same k (fst s)).
Proof.
  intros d m steps k Hs Hk. induction steps as [|s steps IH]; [unfold look, total; cbn; rewrite PositiveMap.gempty; reflexivity|].
  rewrite total_cons, <- IH by (intros; apply Hs; right; assumption). clear IH.
  cbn [table fold_right]. fold (table (Z.of_nat (S m)) steps). cbn zeta. unfold same.
  destruct list_eq_dec as [->|Hne].
  - unfold look at 1. rewrite PositiveMap.gss, plus_IZR. ring.
  - unfold look at 1. rewrite PositiveMap.gso; [fold (look (table (Z.of_nat (S m)) steps) (key (Z.of_nat (S m)) k)); ring|].
    intros E. apply Hne. apply (key_injective d m); [assumption|apply Hs; left; reflexivity|assumption].
Qed.

Lemma table_single : forall d m steps s, (forall s, In s steps -> In (fst s) (nodes d m)) -> NoDup (map fst steps) -> In s steps ->
  look (table (Z.of_nat (S m)) steps) (key (Z.of_nat (S m)) (fst s)) = snd s.
Proof.
  intros d m steps s Hs Hn Hin. apply eq_IZR. rewrite (look_table d) by auto.
  rewrite (total_single _ steps s).
  - unfold same. destruct list_eq_dec; [ring|congruence].
  - apply NoDup_map_inv in Hn. assumption.
  - assumption.
  - intros u Hu Hne. unfold same. destruct list_eq_dec as [E|]; [|ring]. exfalso. apply Hne.
    clear -Hn Hin Hu E. induction steps as [|a steps IH]; [destruct Hin|]. cbn [map] in Hn. inversion Hn as [|? ? Ha Hn']; subst.
    destruct Hin as [->|Hin], Hu as [->|Hu]; auto; exfalso; apply Ha; [rewrite E|rewrite <- E]; apply in_map; assumption.
Qed.

(** ** Finer nodes *)

(** The sum of [v] at the coarse nodes floor((l + j) / q) for the [j] of a list. *)
Definition fine_sum (v : list Z -> Z) (q : Z) (js : list Z) (l : list Z) : Z :=
  fold_right (fun j a => (v (map (fun z => (z + j) / q) l) + a)%Z) 0%Z js.
(** 0, ..., q-1 *)
Definition shifts (q : nat) : list Z := map Z.of_nat (seq 0 q).

Lemma fine_sum_sum : forall v q l, IZR (fine_sum v (Z.of_nat q) (shifts q) l) = sum q (fun j => IZR (v (coarse q j l))).
Proof.
  intros v q l. rewrite <- total_seq. unfold shifts, fine_sum, total. induction (seq 0 q) as [|j js IH]; [reflexivity|].
  cbn [map fold_right]. rewrite plus_IZR, IH. reflexivity.
Qed.

Lemma hat_at_fine_node : forall d m q k l, (1 <= m)%nat -> (1 <= q)%nat -> In k (nodes d m) -> In l (nodes d (q * m)) ->
  INR q * hat d m k (point (q * m) l) = sum q (fun j => same (coarse q j l) k).
Proof.
  intros d m q k l Hm Hq Hk Hl. rewrite (value_at_fine_node d m q (hat d m k)) by (try apply hat_linear; assumption).
  apply sum_ext. intros j Hj. pose proof (coarse_node d m q j l Hq Hj Hl) as Hc. apply nodes_spec in Hk, Hc.
  destruct (hat_values d m k Hm (proj1 Hk)) as (_ & H1 & H0 & _). unfold same. destruct list_eq_dec as [->|Hne].
  - exact H1.
  - apply H0; [apply Hc|assumption].
Qed.

(** q times the sum of step * hat at a node of the grid that is q times finer. *)
Lemma sweep_at_fine_node : forall d m q steps l, (1 <= m)%nat -> (1 <= q)%nat ->
  (forall s, In s steps -> In (fst s) (nodes d m)) -> In l (nodes d (q * m)) ->
  INR q * total steps (fun s => IZR (snd s) * hat d m (fst s) (point (q * m) l)) =
  IZR (fine_sum (fun k => look (table (Z.of_nat (S m)) steps) (key (Z.of_nat (S m)) k)) (Z.of_nat q) (shifts q) l).
Proof.
  intros d m q steps l Hm Hq Hs Hl. rewrite fine_sum_sum, <- total_scale.
  rewrite (total_ext _ steps _ (fun s => total (seq 0 q) (fun j => IZR (snd s) * same (coarse q j l) (fst s)))).
  - rewrite total_swap, total_seq. apply sum_ext. intros j Hj. symmetry. apply (look_table d); [assumption|].
    apply coarse_node; assumption.
  - intros s Hin. rewrite total_scale, total_seq, <- (hat_at_fine_node d m q) by auto. ring.
Qed.

(** A target given by nodal values [v] over [D], at a node of the grid that is q times finer. *)
Lemma kuhn_at_fine_node : forall d m q v D l, (1 <= m)%nat -> (1 <= q)%nat -> In l (nodes d (q * m)) ->
  INR q * kuhn d m (fun k => IZR (v k) / IZR (Zpos D)) (point (q * m) l) =
  IZR (fine_sum v (Z.of_nat q) (shifts q) l) / IZR (Zpos D).
Proof.
  intros d m q v D l Hm Hq Hl. rewrite (value_at_fine_node d m q (kuhn d m _)) by (try apply kuhn_linear; assumption).
  rewrite fine_sum_sum. unfold Rdiv. rewrite Rmult_comm, <- sum_scale. apply sum_ext. intros j Hj.
  rewrite kuhn_at_node; [unfold Rdiv; ring|assumption|apply coarse_node; assumption].
Qed.
